import Foundation
import RapportReporting
import RapportScoring
import Testing

@Suite struct JSONValueTests {
  struct Everything: Codable, Equatable {
    var whole = -3
    var large = UInt64.max >> 1
    var double = 0.1
    var zero = -0.0
    var small: Float = 0.5
    var flag = true
    var text = "a \"b\"\\\n\u{1}é"
    var none: Int?
    var list = [1, 2]
    var nested = [[0.5], []]
    var table = ["b": 1, "a": 2]
    var choice = Score.insufficient(n: 2, needed: 5)
  }

  @Test func `encodes as Foundation does`() throws {
    let value = Everything()
    let text = try JSONValue(encoding: value).text()
    #expect(try JSONDecoder().decode(Everything.self, from: Data(text.utf8)) == value)
  }

  @Test func `keys are sorted and every bit is kept`() throws {
    #expect(
      try JSONValue(encoding: ["b": 0.1, "a": 1]).text(indented: false) == #"{"a":1,"b":0.1}"#)
    #expect(JSONValue.array([]).text() == "[]\n")
    #expect(
      JSONValue.object(["a": [1, .null], "b": [:]]).text() == "{\n  \"a\": [\n    1,\n    null\n  ],\n  \"b\": {}\n}\n")
    #expect(JSONValue.number(1e300).text(indented: false) == "1e+300")
    #expect(JSONValue.number(3).text(indented: false) == "3")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a number that is none can't be written`(_ value: Double) throws {
    let error = #expect(throws: EncodingError.self) { try JSONValue(encoding: ["scores": ["M1": value]]) }
    guard case .invalidValue(_, let context) = error else { return }
    #expect(context.debugDescription.contains("scores.M1"))
  }

  @Test func `members are found and added`() {
    let value: JSONValue = ["a": [1, 2], "b": "x"]
    #expect(value["a"]?.elements == [1, 2])
    #expect(value["c"] == nil)
    #expect(value.with("c", 1) == ["a": [1, 2], "b": "x", "c": 1])
    #expect(JSONValue.string("x")["a"] == nil)
    #expect(JSONValue.string("x").with("a", 1) == "x")
  }

  @Test func `rows put in one at a time give the text of the whole`() throws {
    let rows = LazyRows([1, 2, 3]) { ["n": $0] }
    let frame: JSONValue = ["a": [], "b": ["c": [], "d": 1], "e": ["f": 2]]
    let whole: JSONValue = ["a": try rows.all(), "b": ["c": try rows.all(), "d": 1], "e": ["f": 2]]
    for threads in [1, 3] {
      #expect(try frame.text(with: ["a": rows, "b.c": rows], threads: threads).string == whole.text())
    }
    let many = LazyRows(Array(0..<1000))
    #expect(try frame.text(with: ["a": many], threads: 3).string == frame.with("a", many.all()).text())
    #expect(try frame.text(with: ["a": LazyRows([Int]())]).string == frame.text())
    let assessment = SampleAssessment.make()
    #expect(try assessment.json().string == JSONValue(encoding: assessment).text())
  }
}
