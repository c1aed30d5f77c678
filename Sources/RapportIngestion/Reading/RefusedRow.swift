/// A row that couldn't be used, in full, for `--rejects`.
struct RefusedRow: Comparable {
  /// The input's position in the order of reading.
  var input: Int
  var line: Int
  var reason: RejectReason
  var found: String
  var text: [UInt8]

  static func < (a: RefusedRow, b: RefusedRow) -> Bool { (a.input, a.line) < (b.input, b.line) }
  static func == (a: RefusedRow, b: RefusedRow) -> Bool { (a.input, a.line) == (b.input, b.line) }
}
