/// The cases of one family of kinds, in canonical order: by a fixed hash of the key, then by the key's bytes.
struct CaseTable: Equatable, Sendable {
  /// The keys of all rows, one behind the other.
  var keys: [UInt8] = []
  var rows: [CaseRow] = []
  /// In the order of ``CaseStep/precedes(_:)``, no step twice. Of case tables: the refused requests.
  var steps: [CaseStep] = []

  /// - Throws: ``IngestionError`` of kind `unusable` where so many bytes of keys are more than rows can point to.
  static func check(keyBytes: Int, of family: CaseFamily) throws(IngestionError) {
    guard keyBytes > Int(UInt32.max) else { return }
    throw IngestionError(
      .unusable,
      "the keys of all '\(family)' cases take \(keyBytes >> 20) MiB, and a ledger holds \(UInt32.max >> 20) MiB of them; "
        + "make the values of 'case' shorter (what all begin with can go), or read fewer months at a time")
  }

  /// How many distinct steps the table holds, slots included.
  var stepCount: Int {
    var count = steps.count
    for row in rows {
      count += (row.opened.isPresent ? 1 : 0) + (row.answered.isPresent ? 1 : 0) + (row.closed.isPresent ? 1 : 0)
    }
    return count
  }

  /// The bytes of a row's key.
  @inline(__always)
  func withKey<R>(of row: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let start = row == 0 ? 0 : Int(rows[row - 1].keyEnd)
    return keys.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<Int(rows[row].keyEnd)])) }
  }

  /// The hashes of all keys, in the order of rows.
  func keyHashes(seed: UInt64) -> [UInt64] {
    rows.indices.map { row in withKey(of: row) { StableHash.of($0, seed: seed) } }
  }

  /// Sorts steps and leaves out those that are the same as their predecessor.
  static func canonical(_ steps: [CaseStep]) -> [CaseStep] {
    var sorted = steps
    sorted.sort { $0.precedes($1) }
    var count = 0
    for index in sorted.indices where count == 0 || !sorted[count - 1].isSameStep(as: sorted[index]) {
      sorted[count] = sorted[index]
      count += 1
    }
    sorted.removeLast(sorted.count - count)
    return sorted
  }

  /// The merge of two tables whose codes already mean the same.
  ///
  /// - Parameter isCaseTable: rows are states of whole requests, and not collections of steps.
  static func merged(
    _ a: CaseTable, _ b: CaseTable, family: CaseFamily, isCaseTable: Bool, fold: inout CaseFold
  ) -> CaseTable {
    if b.rows.isEmpty { return a }
    if a.rows.isEmpty { return b }
    let seed = UInt64(family.rawValue)
    let (hashesA, hashesB) = (a.keyHashes(seed: seed), b.keyHashes(seed: seed))
    var result = CaseTable()
    result.rows.reserveCapacity(max(a.rows.count, b.rows.count))
    result.keys.reserveCapacity(max(a.keys.count, b.keys.count))
    var (i, j) = (0, 0)
    var (stepA, stepB) = (0, 0)
    var steps: [CaseStep] = []
    while i < a.rows.count || j < b.rows.count {
      let order: Int
      if i == a.rows.count {
        order = 1
      } else if j == b.rows.count {
        order = -1
      } else if hashesA[i] != hashesB[j] {
        order = hashesA[i] < hashesB[j] ? -1 : 1
      } else {
        order = a.withKey(of: i) { x in b.withKey(of: j) { y in Identifiers.compare(x, y) } }
      }
      let index = UInt32(result.rows.count)
      var row = order <= 0 ? a.rows[i] : b.rows[j]
      if order <= 0 {
        a.withKey(of: i) { result.keys.append(contentsOf: $0) }
      } else {
        b.withKey(of: j) { result.keys.append(contentsOf: $0) }
      }
      row.keyEnd = UInt32(result.keys.count)
      if order == 0 {
        if !isCaseTable {
          fold.merge(b.rows[j], into: &row, family: family, index: index, steps: &steps)
        } else if let refused = fold.merge(tableRow: b.rows[j], into: &row, index: index, order: SortedCodes()) {
          steps.append(refused)
        }
      }
      if order <= 0 {
        while stepA < a.steps.count, a.steps[stepA].row == UInt32(i) {
          steps.append(a.steps[stepA])
          steps[steps.count - 1].row = index
          stepA += 1
        }
        i += 1
      }
      if order >= 0 {
        while stepB < b.steps.count, b.steps[stepB].row == UInt32(j) {
          steps.append(b.steps[stepB])
          steps[steps.count - 1].row = index
          stepB += 1
        }
        j += 1
      }
      result.rows.append(row)
    }
    result.steps = canonical(steps)
    return result
  }
}
