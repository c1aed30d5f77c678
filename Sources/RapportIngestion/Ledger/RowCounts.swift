/// How many rows were added, and what was odd about them when they were read.
struct RowCounts: Mergeable, Equatable {
  /// Rows of linked kinds, of kinds that stand alone, and of case tables.
  var linkedRows = 0
  var contactRows = 0
  var caseRows = 0
  /// Rows entered at least a day after they happened, and the sum of those delays in whole seconds.
  var lateEntries = 0
  var lateSeconds = 0
  /// Rows that say when they were entered.
  var rowsWithEntryTime = 0

  static let empty = RowCounts()

  /// Rows used in building the ledger; each was read and not refused.
  var rows: Int { linkedRows + contactRows + caseRows }

  mutating func merge(_ other: RowCounts) {
    linkedRows += other.linkedRows
    contactRows += other.contactRows
    caseRows += other.caseRows
    lateEntries += other.lateEntries
    lateSeconds += other.lateSeconds
    rowsWithEntryTime += other.rowsWithEntryTime
  }

  /// Delays from here on count as late entry.
  static let lateAfterSeconds = 86_400

  mutating func addEntry(recordedAt: Instant, timestamp: Instant) {
    guard recordedAt.isPresent else { return }
    rowsWithEntryTime += 1
    let delay = recordedAt.seconds(since: timestamp)
    if delay >= Self.lateAfterSeconds {
      lateEntries += 1
      lateSeconds += delay
    }
  }
}
