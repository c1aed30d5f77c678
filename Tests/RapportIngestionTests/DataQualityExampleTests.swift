import Foundation
import RapportIngestion
import Testing

@Suite struct DataQualityExampleTests {
  static let names = InputNames(["events.csv"])
  static let examples: [(DataQuality.Example, description: String, text: String)] = [
    (.init(input: 1, line: 12, found: "kind 'a: b'"), "input 1, line 12: kind 'a: b'", "events.csv:12: kind 'a: b'"),
    (.init(input: 1, line: 12), "input 1, line 12", "events.csv:12"),
    (.init(input: 2, line: 3), "input 2, line 3", "input 2, line 3"),
    (.init("request 'R, 7: x'"), "request 'R, 7: x'", "request 'R, 7: x'"),
  ]

  @Test(arguments: examples) func `reads with and without names`(
    _ example: DataQuality.Example, _ description: String, _ text: String
  ) {
    #expect(example.description == description && example.text(Self.names) == text)
  }

  @Test(arguments: examples) func `comes back from a file as it was`(
    _ example: DataQuality.Example, _ description: String, _ text: String
  ) throws {
    let data = try JSONEncoder().encode([example])
    #expect(try JSONDecoder().decode([String].self, from: data) == [description])
    #expect(try JSONDecoder().decode([DataQuality.Example].self, from: data) == [example])
  }
}
