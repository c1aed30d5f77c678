import Foundation
import RapportIngestion

extension SimulatedOrganisation {
  /// Writes `events.csv`, `managers.csv`, `partners.csv`, `rapport.toml` and `truth.json` into a folder.
  ///
  /// The folder is written aside and renamed, so that it is there whole or not at all. One that an earlier simulation
  /// wrote is replaced, unless it holds anything else; any other that isn't empty is left alone.
  ///
  /// - Throws: ``SimulationError`` with kind `folderTaken` or `output`; then nothing is left behind.
  public func write(to folder: String) throws(SimulationError) {
    try Self.check(folder: folder)
    let whole = Self.whole(folder)
    do {
      if let slash = whole.path.lastIndex(of: "/"), slash > whole.path.startIndex {
        try FileManager.default.createDirectory(
          atPath: String(whole.path[..<slash]), withIntermediateDirectories: true)
      }
      try whole.write { aside in
        var truth = self.truth
        truth.dirtyRows = try writeEvents(to: aside + "/events.csv")
        try write(managersRoster, to: aside + "/managers.csv")
        try write(partnersRoster, to: aside + "/partners.csv")
        try write(configuration, to: aside + "/rapport.toml")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        var json = try encoder.encode(truth)
        json.append(UInt8(ascii: "\n"))
        try json.write(to: URL(fileURLWithPath: aside + "/truth.json"))
      }
    } catch {
      throw (error as? IngestionError).map(Self.told) ?? error as? SimulationError
        ?? SimulationError(.output, "can't write '\(folder)': \(message(error))")
    }
  }

  /// Finds out before any work whether ``write(to:)`` may write a folder.
  ///
  /// - Throws: ``SimulationError`` with kind `folderTaken` or `output`.
  public static func check(folder: String) throws(SimulationError) {
    do throws(IngestionError) { try whole(folder).check() } catch { throw told(error) }
  }

  private static func whole(_ folder: String) -> WholeFolder {
    WholeFolder(
      folder, names: ["events.csv", "managers.csv", "partners.csv", "rapport.toml", "truth.json"],
      marker: ("truth.json", "\"format\" : \"rapport-truth/"), writer: "rapport simulate", mayBeEmpty: true,
      makesFolders: true)
  }

  private static func told(_ error: IngestionError) -> SimulationError {
    SimulationError(error.kind == .outputExists ? .folderTaken : .output, error.description)
  }

  /// The clean rows in the contract's columns, with header.
  public func eventsCSV() -> String {
    var writer = RowWriter(organisation)
    writer.append(text: RowWriter.header)
    for event in events { writer.append(event) }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// - Returns: dirty rows written, by what is wrong with them
  private func writeEvents(to path: String) throws -> [String: Int] {
    guard let file = fopen(path, "wb") else { throw SimulationError(.output, "can't create '\(path)': \(systemError)") }
    var isOpen = true
    defer { if isOpen { fclose(file) } }
    var writer = RowWriter(organisation)
    writer.append(text: RowWriter.header)
    func flush() throws {
      let written = writer.bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
      if written != writer.bytes.count {
        throw SimulationError(.output, "can't write '\(path)': \(systemError)")
      }
      writer.removeAll()
    }
    let share = organisation.settings.dirtyShare
    var draws = Draws(seed: organisation.settings.seed, .dirt)
    var dirty: [String: Int] = [:]
    var number = 0
    for event in events {
      let start = writer.bytes.count
      writer.append(event)
      if share > 0 && draws.chance(share) {
        number += 1
        let row = DirtyRow.allCases[draws.below(DirtyRow.allCases.count)]
        dirty[row.rawValue, default: 0] += 1
        writer.append(row.bytes(near: writer.bytes[start...], number: number))
      }
      if writer.bytes.count > 1 << 20 { try flush() }
    }
    try flush()
    isOpen = false
    if fclose(file) != 0 { throw SimulationError(.output, "can't write '\(path)': \(systemError)") }
    return dirty
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private var systemError: String { String(cString: strerror(errno)) }

  /// What went wrong, without the names of classes.
  private func message(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return (cause ?? error as NSError).localizedDescription
  }

  var managersRoster: String {
    var text = "manager," + ManagerAttribute.names.joined(separator: ",") + ",from,until\n"
    for manager in organisation.managers {
      let from = manager.joined == .min ? "" : CivilDate(dayNumber: manager.joined / 86_400).text
      let until = manager.left == .max ? "" : CivilDate(dayNumber: manager.left / 86_400).text
      text += ([manager.id] + manager.attributes + [from, until]).joined(separator: ",") + "\n"
    }
    return text
  }

  var partnersRoster: String {
    var text = "partner,function,location,calendar\n"
    for partner in organisation.partners {
      text +=
        "\(partner.id),\(partner.isLearning ? "ld" : "hr"),\(partner.location),\(SimulatedOrganisation.calendarName)\n"
    }
    return text
  }

  var configuration: String {
    let calendar = workingCalendar
    let hours = "[\"\(calendar.hours["mon"]![0])\"]"
    let holidays = calendar.holidays.map { "\"\($0)\"" }
    return """
      # How rapport reads this simulated organisation; the roster of partners names their calendar.
      timezone = "\(calendar.timezone)"
      roster = ["managers.csv", "partners.csv"]

      [calendar.\(SimulatedOrganisation.calendarName)]
      timezone = "\(calendar.timezone)"
      hours.mon = \(hours)
      hours.tue = \(hours)
      hours.wed = \(hours)
      hours.thu = \(hours)
      hours.fri = \(hours)
      holidays = [\(holidays.joined(separator: ", "))]

      """
  }
}
