import Foundation
import Testing

@testable import RapportSimulation

@Suite struct WritingTests {
  /// A folder of its own for each test.
  static func temporary() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("rapport-\(UUID().uuidString)").path
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  @Test func `writes the five files, and the truth reads back`() throws {
    let folder = Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let organisation = try simulate(SimulateTests.small)
    try organisation.write(to: folder)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == ["events.csv", "managers.csv", "partners.csv", "rapport.toml", "truth.json"])
    #expect(try Self.text(folder + "/events.csv") == organisation.eventsCSV())
    let truth = try JSONDecoder().decode(
      SimulationTruth.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/truth.json")))
    #expect(truth == organisation.truth)
    #expect(truth.events.values.reduce(0, +) == organisation.eventCount)
    let managers = try Self.text(folder + "/managers.csv").split(separator: "\n")
    #expect(managers[0] == "manager,unit,level,location,gender,from,until")
    #expect(managers.count == 13)
    #expect(
      try Self.text(folder + "/partners.csv").hasPrefix("partner,function,location,calendar\nP01,hr,north,office\n"))
    let configuration = try Self.text(folder + "/rapport.toml")
    #expect(configuration.contains("timezone = \"Europe/London\""))
    #expect(configuration.contains("hours.fri = [\"09:00-17:00\"]"))
    #expect(configuration.contains("holidays = [\"2024-12-25\", \"2024-12-26\", \"2025-01-01\"]"))
  }

  @Test func `replaces its own folder and no other`() throws {
    let folder = Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let organisation = try simulate(SimulateTests.small)
    try organisation.write(to: folder + "/")
    try organisation.write(to: folder)
    let other = Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: other) }
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: other + "/notes.txt"))
    #expect {
      try organisation.write(to: other)
    } throws: { ($0 as? SimulationError)?.kind == .folderTaken }
    #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["notes.txt"])
  }

  @Test func `a folder with anything else in it stays as it is, whatever its files are called`() throws {
    let organisation = try simulate(SimulateTests.small)
    let folder = Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func refused(_ says: String) throws {
      let before = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      let error = #expect(throws: SimulationError.self) { try organisation.write(to: folder) }
      #expect(error?.kind == .folderTaken && error?.description.contains(says) == true, "\(error?.description ?? "")")
      #expect(#expect(throws: SimulationError.self) { try SimulatedOrganisation.check(folder: folder) } == error)
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() == before)
    }
    // A truth of somebody else's.
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("{\"format\" : \"mine\"}".utf8).write(to: URL(fileURLWithPath: folder + "/truth.json"))
    try refused("was not written by rapport simulate")
    try FileManager.default.removeItem(atPath: folder + "/truth.json")
    // Nothing is in it, and who may read it stays.
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
    try organisation.write(to: folder)
    #expect(try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int == 0o700)
    // A result beside the log that it was made of.
    try FileManager.default.createDirectory(atPath: folder + "/result", withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder + "/result/notes.txt"))
    try refused("holds result, which rapport simulate didn't write")
    #expect(try Self.text(folder + "/result/notes.txt") == "mine")
  }

  @Test func `folders around it are made`() throws {
    let folder = Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try simulate(SimulateTests.small).write(to: folder + "/a/b")
    #expect(FileManager.default.fileExists(atPath: folder + "/a/b/truth.json"))
  }

  @Test func `what can't be written leaves nothing behind`() throws {
    let organisation = try simulate(SimulateTests.small)
    #expect {
      try organisation.write(to: "/proc/rapport/simulated")
    } throws: { ($0 as? SimulationError)?.kind == .output }
  }

  // 0.3 of about 3 300 rows are dirty: 1 000, each of ten reasons about 100 times.
  @Test func `dirty rows are added to the clean ones and counted by reason`() throws {
    var settings = SimulateTests.small
    settings.dirtyShare = 0.3
    let folder = Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let organisation = try simulate(settings)
    try organisation.write(to: folder)
    let truth = try JSONDecoder().decode(
      SimulationTruth.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/truth.json")))
    #expect(Set(truth.dirtyRows.keys) == Set(DirtyRow.allCases.map(\.rawValue)))
    let dirty = truth.dirtyRows.values.reduce(0, +)
    #expect(abs(Double(dirty) / Double(organisation.eventCount) - 0.3) < 0.05)
    let lines = try Self.text(folder + "/events.csv").split(separator: "\n")
    #expect(lines.count == 1 + organisation.eventCount + dirty)
    // Every row has the contract's twelve columns.
    #expect(lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 12 })
    #expect(lines.filter { $0.contains(",respnse,") }.count == truth.dirtyRows["unknownKind"])
    #expect(lines.filter { $0.hasPrefix("2099") }.count == truth.dirtyRows["futureTime"])
  }

  @Test func `universal time is marked, a wall clock isn't`() throws {
    var settings = SimulateTests.small
    settings.behaviours = [.decisions]
    settings.timeZone = "UTC"
    let lines = try simulate(settings).eventsCSV().split(separator: "\n")
    #expect(lines.dropFirst().allSatisfy { $0.split(separator: ",")[0].hasSuffix("Z") })
  }
}
