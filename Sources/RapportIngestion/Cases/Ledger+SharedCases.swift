extension Ledger {
  /// Openings that don't count because their case number is also that of another manager's case, and the first such cases.
  ///
  /// - Parameter asOf: what was opened later isn't looked at.
  /// - Complexity: O(n) in cases.
  func sharedCases(asOf: Instant = .absent) -> (openings: Int, cases: [SeenCase]) {
    var openings = 0
    var cases: [SeenCase] = []
    func see(_ table: Int, _ row: Int, _ count: Int) {
      openings += count
      if cases.count < Rejects.placesKept { cases.append(SeenCase(table: UInt8(table), row: Int32(row))) }
    }
    for table in tables.indices.prefix(Self.caseTableIndex) {
      var later: [UInt32: (all: Int, seen: Int)] = [:]
      for (row, own) in tables[table].rows.enumerated() where own.isShared && own.opened <= asOf {
        later[UInt32(row)] = (0, 0)
      }
      if later.isEmpty { continue }
      for step in tables[table].steps where step.kind.slot == .opened {
        later[step.row]?.all += 1
        if step.instant <= asOf { later[step.row]?.seen += 1 }
      }
      // Where no later step is kept, all openings fall on one moment.
      for (row, count) in later.sorted(by: { $0.key < $1.key }) where count.all == 0 || count.seen > 0 {
        see(table, Int(row), max(1, count.seen))
      }
    }
    let requests = Int(CaseFamily.request.rawValue)
    let (events, rows) = (tables[requests], tables[Self.caseTableIndex])
    if !events.rows.isEmpty, !rows.rows.isEmpty {
      for place in RequestReader.places(events, rows) where place.event >= 0 && place.caseRow >= 0 {
        let (event, row) = (events.rows[Int(place.event)], rows.rows[Int(place.caseRow)])
        guard event.opened.isPresent, max(event.opened, row.opened) <= asOf,
          parties[Int(event.parties)].first != parties[Int(row.parties)].first
        else { continue }
        see(requests, Int(place.event), 1)
      }
    }
    return (openings, cases)
  }

  /// How many openings don't count because their case number is also that of another manager's case.
  public var sharedCaseOpenings: Int { sharedCases().openings }

  /// The first cases of case tables whose number is that of refused requests too.
  func repeatedCases() -> [SeenCase] {
    var rows: [UInt32] = []
    for step in tables[Self.caseTableIndex].steps where rows.last != step.row {
      rows.append(step.row)
      if rows.count == Rejects.placesKept { break }
    }
    return rows.map { SeenCase(table: UInt8(Self.caseTableIndex), row: Int32($0)) }
  }

  /// Whether so many case numbers stand for several cases that what is left can't be trusted: openings of other managers' cases and
  /// refused requests of case tables. Together with refused rows they may be as many as those alone.
  ///
  /// Which numbers repeat is known of everything together only, so that this is asked of ledgers too, whatever was allowed when they
  /// were made. Rows that were refused then have been judged, and aren't once more.
  ///
  /// - Parameters:
  ///   - maximumBadShare: of all rows that were read.
  ///   - judged: refused rows of saved ledgers.
  ///   - asOf: what was opened later isn't looked at.
  ///   - inputs: what was read, as messages name it.
  /// - Throws: ``IngestionError`` of kind `unusable` with their number, the first of them and the cure.
  public func checkSharedCases(
    maximumBadShare: Double, judged: Int = 0, asOf: Instant = .absent, inputs: [String]
  ) throws(IngestionError) {
    let shared = sharedCases(asOf: asOf)
    let repeated = tables[Self.caseTableIndex].steps.count { $0.instant <= asOf }
    guard shared.openings + repeated > 0 else { return }
    let refused = rejects.refusedRows - judged
    let bad = refused + repeated + shared.openings
    let rows = toldRowCount + rejects.refusedRows + rejects.leftOutRows
    guard Double(bad) > maximumBadShare * Double(rows) else { return }
    let names = inputs.prefix(3).joined(separator: ", ") + (inputs.count > 3 ? ", …" : "")
    func told(_ words: String, _ count: Int, _ cases: [SeenCase]) -> String {
      "\(words) \(count) (\(cases.prefix(2).map(caseName).joined(separator: "; ")))"
    }
    var (reasons, advice): ([String], [String]) = ([], [])
    if shared.openings > 0 {
      reasons.append(told(KeyWords.words("caseShared"), shared.openings, shared.cases))
      advice.append(DataQuality.sharedCaseAdvice)
    }
    if repeated > 0 {
      reasons.append(told(RejectReason.caseRepeats.words, repeated, repeatedCases()))
      advice.append(RejectReason.caseRepeats.advice)
    }
    if refused > 0 { reasons.append("refused \(refused)") }
    throw IngestionError(
      .unusable,
      "\(names): \(overLimit(bad, of: rows, maximumBadShare)): \(reasons.joined(separator: ", ")). "
        + "\(advice.joined(separator: " ")) --max-bad P% raises the limit")
  }
}
