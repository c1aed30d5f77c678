import Foundation
import Rapport
import RapportTestSupport
import Testing

/// The same input, options and seed give the same bytes, however the work is divided.
@Suite struct SameAnswerTests {
  static let sample = Repository.sample

  static func configuration(threads: Int, chunkBytes: Int = 1 << 20) throws -> Configuration {
    var configuration = Configuration()
    let file = sample.appendingPathComponent("rapport.toml")
    try configuration.read(String(contentsOf: file, encoding: .utf8), name: "rapport.toml", folder: sample.path)
    configuration.threads = threads
    configuration.chunkBytes = chunkBytes
    configuration.draws = 200
    return configuration
  }

  /// The whole line, as text.
  static func answer(_ inputs: [InputSource], _ configuration: Configuration) throws -> String {
    let loaded = try load(inputs, configuration: configuration)
    return try assess(loaded.history, options: configuration.assessmentOptions).json().string
  }

  static let reference = Result {
    try answer([.path(sample.appendingPathComponent("events.csv").path)], try configuration(threads: 1))
  }

  @Test(arguments: [(1, 4_096), (2, 1 << 20), (2, 65_537), (7, 10_007), (7, 1 << 20)])
  func `on any number of threads and with any chunk size`(threads: Int, chunkBytes: Int) throws {
    let events = InputSource.path(Self.sample.appendingPathComponent("events.csv").path)
    let answer = try Self.answer([events], try Self.configuration(threads: threads, chunkBytes: chunkBytes))
    #expect(
      answer == (try Self.reference.get()), "the answer depends on \(threads) threads or \(chunkBytes)-byte chunks")
  }

  /// Rows and columns in another order and everything in quotes, or lines of JSON: all but where refused rows stood.
  @Test(arguments: ["events.csv", "events.ndjson"]) func `from the same events written otherwise`(_ name: String) throws
  {
    let table = CSVTable(
      try String(contentsOf: Self.sample.appendingPathComponent("events.csv"), encoding: .utf8))
    // 7919 shares no factor with the number of rows, so each comes once.
    #expect(table.rows.count % 7919 != 0)
    let rows = table.rows.indices.map { table.rows[($0 * 7919 + 3) % table.rows.count] }
    let lines: [String]
    if name.hasSuffix("csv") {
      lines = ([table.names] + rows).map { row in row.reversed().map { "\"\($0)\"" }.joined(separator: ",") }
    } else {
      lines = try rows.map { row in
        let fields = zip(table.names, row).filter { !$1.isEmpty }
        let object = Dictionary(uniqueKeysWithValues: fields.map { ($0, $1) })
        return String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
      }
    }
    let scratch = try Scratch()
    let events = try scratch.write(name, lines.joined(separator: "\n") + "\n")
    let configuration = try Self.configuration(threads: 2)
    func assessment(_ path: String) throws -> Assessment {
      try assess(
        load([.path(path)], configuration: configuration).history, options: configuration.assessmentOptions)
    }
    let expected = try assessment(Self.sample.appendingPathComponent("events.csv").path)
    var found = try assessment(events)
    #expect(found.dataQuality.rejections.mapValues(\.count) == expected.dataQuality.rejections.mapValues(\.count))
    #expect(expected.dataQuality.rejections.count > 3)
    // No row is lost: each is refused, left out, merged, or one event, which is used or left out itself.
    for quality in [expected.dataQuality, found.dataQuality] {
      #expect(quality.rowsLeftOut > 0 && quality.eventsLeftOut > 0)
      #expect(
        quality.rowsRead == quality.rowsRefused + quality.rowsLeftOut + quality.duplicates + quality.eventsUsed
          + quality.eventsLeftOut)
    }
    found.dataQuality = expected.dataQuality
    #expect(try found.json().string == expected.json().string)
  }

  /// January's ledger and February's, saved, loaded and merged in either order, against both at once.
  @Test func `from ledgers of parts as from the whole`() throws {
    let lines = try String(contentsOf: Self.sample.appendingPathComponent("events.csv"), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let rows = lines.dropFirst().filter { !$0.isEmpty }
    let scratch = try Scratch()
    let early = try scratch.write(
      "early.csv", ([lines[0]] + rows.prefix(rows.count / 2)).joined(separator: "\n") + "\n")
    let late = try scratch.write(
      "late.csv", ([lines[0]] + rows.dropFirst(rows.count / 2)).joined(separator: "\n") + "\n")
    let configuration = try Self.configuration(threads: 2)
    let whole = try read([.path(early), .path(late)], configuration: configuration).ledger

    var ledgers: [Ledger] = []
    for part in [early, late] {
      let path = part + ".ledger"
      try read([.path(part)], configuration: configuration).ledger.write(to: path)
      ledgers.append(try Ledger(contentsOf: path))
    }
    for order in [ledgers, ledgers.reversed()] {
      var merged = order[0]
      try merged.add(order[1])
      #expect(merged == whole)
    }

    var merging = configuration
    merging.ledgers = [early + ".ledger", late + ".ledger"]
    #expect(try Self.answer([], merging) == Self.answer([.path(early), .path(late)], configuration))
  }
}
