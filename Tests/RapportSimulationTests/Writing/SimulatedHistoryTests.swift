import Foundation
import Rapport
import RapportSimulation
import Testing

@Suite struct SimulatedHistoryTests {
  @Test func `the history in memory is what the written files say`() throws {
    var settings = SimulationSettings()
    (settings.managers, settings.partners, settings.months, settings.referenceRequests) = (6, 3, 3, 0)
    (settings.dayStartsHour, settings.dayEndsHour) = (8, 16)
    let organisation = try simulate(settings)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rapport-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try organisation.write(to: folder)
    var configuration = Configuration()
    let toml = try Data(contentsOf: URL(fileURLWithPath: folder + "/rapport.toml"))
    try configuration.read(String(decoding: toml, as: UTF8.self), name: "rapport.toml", folder: folder)
    let written = try load([.path(folder + "/events.csv")], configuration: configuration).history
    let direct = try organisation.history()
    #expect(direct.spells.count > 50)
    #expect("\(direct.spells)" == "\(written.spells)")
    #expect("\(direct.contacts)" == "\(written.contacts)")
    #expect("\(direct.promises)" == "\(written.promises)")
    #expect("\(direct.exposure)" == "\(written.exposure)")
    #expect(direct.managerAttributes == written.managerAttributes)
    #expect(direct.partnerAttributes == written.partnerAttributes)
    #expect(direct.asOf == written.asOf)
    #expect(direct.hasWorkingCalendar)
  }

  @Test func `favouritism found alone is the assessment's`() throws {
    var settings = SimulationSettings()
    (settings.managers, settings.partners, settings.months, settings.referenceRequests) = (8, 2, 4, 0)
    settings.behaviours = [.requests, .absences]
    let history = try simulate(settings).history()
    let options = AssessmentOptions()
    let alone = try FavouritismFindings.find(in: history, options: options)
    #expect(alone == (try assess(history, options: options).favouritism))
  }
}
