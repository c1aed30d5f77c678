import CScanning
import Glibc
import RapportNumerics

/// Rows of an event log of about 90 bytes each, and room for what scanning finds in them.
final class LogText: @unchecked Sendable {
  let bytes: UnsafeMutablePointer<UInt8>
  let count: Int
  private let ends: UnsafeMutablePointer<UInt32>
  private let records: UnsafeMutablePointer<UInt32>
  private let instructions = rapport_best_instructions()

  /// - Parameter quoted: whether topics stand in quotes, with a comma inside.
  init(bytes size: Int, quoted: Bool) {
    var stream = RandomStream(seed: 1, purpose: "log text")
    var text = ""
    while text.utf8.count < size {
      let (day, second) = (1 + stream.integer(below: 28), stream.integer(below: 60))
      let topic = quoted ? "\"pay, and benefits\"" : "payandbenefits"
      text +=
        "2024-07-\(day < 10 ? "0" : "")\(day)T09:31:\(second < 10 ? "0" : "")\(second),request,M0\(stream.integer(below: 9000)),"
        + "P\(stream.integer(below: 900)),manager,R\(stream.integer(below: 1_000_000)),\(topic),normal,portal,,,\n"
    }
    let utf8 = Array(text.utf8.prefix(size))
    count = utf8.count
    // Kernels look at whole blocks; what they find at most is an entry per byte and a few more.
    bytes = .allocate(capacity: count + 64)
    bytes.initialize(repeating: 32, count: count + 64)
    bytes.update(from: utf8, count: count)
    ends = .allocate(capacity: count + 64)
    records = .allocate(capacity: count + 64)
  }

  deinit {
    bytes.deallocate()
    ends.deallocate()
    records.deallocate()
  }

  /// As a program counts lines that has nothing but the C library.
  func lineFeeds() -> Int {
    var (found, position) = (0, UnsafeRawPointer(bytes))
    let end = position + count
    while let next = memchr(position, 10, end - position) {
      found += 1
      position = UnsafeRawPointer(next) + 1
    }
    return found
  }

  func survey() -> Int { rapport_survey_text(bytes, count, instructions).lines }

  func indexPlain() -> Int {
    var records = 0
    return rapport_index_plain_fields(bytes, count, UInt8(ascii: ","), ends, self.records, &records, instructions)
      &+ records
  }

  func indexQuoted() -> Int {
    var records = 0
    var state = rapport_scan_state(in_quotes: 0, pending_quote: 0, at_start: 1)
    return rapport_index_fields(bytes, count, UInt8(ascii: ","), ends, self.records, &records, &state, instructions)
      &+ records
  }
}
