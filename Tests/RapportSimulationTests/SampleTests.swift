import Foundation
import RapportSimulation
import RapportTestSupport
import Testing

@Suite struct SampleTests {
  static let datasets = Repository.root.appendingPathComponent("Datasets")

  // The truth holds the settings, so the sample can be made again from itself.
  @Test func `the sample is what its recipe makes`() throws {
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: Self.datasets.appendingPathComponent(name)) }
    let truth = try JSONDecoder().decode(SimulationTruth.self, from: bytes("sample/truth.json"))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rapport-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try simulate(truth.settings).write(to: folder.path)
    for name in ["events.csv", "managers.csv", "partners.csv", "rapport.toml"] {
      #expect(try Data(contentsOf: folder.appendingPathComponent(name)) == bytes("sample/" + name), "\(name)")
    }
    let recipe = String(decoding: try bytes("sample.toml"), as: UTF8.self)
    #expect(recipe.contains("seed = \(truth.settings.seed)\n"))
    #expect(recipe.contains("managers = \(truth.settings.managers)\n"))
  }
}
