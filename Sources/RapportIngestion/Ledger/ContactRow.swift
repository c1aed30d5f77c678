/// An event of a kind that stands alone, in 48 bytes.
struct ContactRow: Equatable, Sendable {
  /// What says that two rows are the same event.
  var fingerprint: Fingerprint
  var instant: Instant
  /// The end of an absence; absent for other kinds.
  var due: Instant
  /// Manager and partner, and the request that it is about.
  var parties: UInt32
  /// Survey rating, check-in minutes or 1/0 in thousandths; ``noValue`` where absent.
  var thousandths: Int32
  var kind: EventKind
  /// `nil` where it is never attributed.
  var actor: Party?
  /// A concern, or an escalation by a protected channel: counted, and never part of anyone's figures. Nobody is named.
  var isProtected: Bool
  /// Whether the fingerprint comes from the whole row, columns that aren't read included. The fingerprint decides it.
  var isKnownByRow: Bool
  /// Whether rows with this fingerprint differ in moment, manager or partner, so that they hardly are one event: where any two do, which
  /// makes it the same in every order of merging.
  var isShared = false

  static let noValue = Int32.min

  /// Whether this row sorts before another with the same fingerprint: of differing rows with one `id` it then counts.
  func precedes(_ other: ContactRow, parties: [CodeTuple], order: some CodeOrder) -> Bool {
    if instant != other.instant { return instant < other.instant }
    if kind != other.kind { return kind.ordinal < other.kind.ordinal }
    let (x, y) = (parties[Int(self.parties)], parties[Int(other.parties)])
    if x.first != y.first { return CaseFold.precedes(x.first, y.first, in: .manager, order: order) }
    if x.second != y.second { return CaseFold.precedes(x.second, y.second, in: .partner, order: order) }
    if x.flags != y.flags {
      // No request sorts last.
      let (p, q) = (x.flags &- 1, y.flags &- 1)
      return CaseFold.precedes(p, q, in: .escalated, order: order)
    }
    let (a, b) = (actor?.rawValue ?? .max, other.actor?.rawValue ?? .max)
    if a != b { return a < b }
    if thousandths != other.thousandths { return thousandths < other.thousandths }
    if due != other.due { return due < other.due }
    return !isProtected && other.isProtected
  }

  /// Takes over what remains of a row with the same fingerprint that sorts behind this one: whether it differs.
  private mutating func absorb(_ other: ContactRow, parties: [CodeTuple]) {
    let (x, y) = (parties[Int(self.parties)], parties[Int(other.parties)])
    isShared = isShared || other.isShared || instant != other.instant || x.first != y.first || x.second != y.second
  }

  /// Sorted by fingerprint, each once: the row that sorts first.
  static func canonical(_ rows: [ContactRow], parties: [CodeTuple], order: some CodeOrder) -> [ContactRow] {
    var sorted = rows
    sorted.sort { a, b in
      a.fingerprint != b.fingerprint ? a.fingerprint < b.fingerprint : a.precedes(b, parties: parties, order: order)
    }
    var count = 0
    for index in sorted.indices {
      let row = sorted[index]
      if count > 0, sorted[count - 1].fingerprint == row.fingerprint {
        sorted[count - 1].absorb(row, parties: parties)
      } else {
        sorted[count] = row
        count += 1
      }
    }
    sorted.removeLast(sorted.count - count)
    return sorted
  }

  /// The merge of two canonical lists whose codes already mean the same.
  static func merged(_ a: [ContactRow], _ b: [ContactRow], parties: [CodeTuple]) -> [ContactRow] {
    if b.isEmpty { return a }
    if a.isEmpty { return b }
    var result: [ContactRow] = []
    result.reserveCapacity(a.count + b.count)
    var (i, j) = (0, 0)
    while i < a.count && j < b.count {
      if a[i].fingerprint == b[j].fingerprint {
        let isBFirst = b[j].precedes(a[i], parties: parties, order: SortedCodes())
        result.append(isBFirst ? b[j] : a[i])
        result[result.count - 1].absorb(isBFirst ? a[i] : b[j], parties: parties)
        i += 1
        j += 1
      } else if a[i].fingerprint < b[j].fingerprint {
        result.append(a[i])
        i += 1
      } else {
        result.append(b[j])
        j += 1
      }
    }
    result.append(contentsOf: a[i...])
    result.append(contentsOf: b[j...])
    return result
  }
}
