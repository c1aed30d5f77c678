extension Ledger {
  /// Openings that don't count because their case number is also that of another manager's case, and the first such cases.
  ///
  /// - Complexity: O(n) in cases; O(n log n) in cases where events and case tables are merged.
  func sharedCases() -> (openings: Int, cases: [SeenCase]) {
    var openings = 0
    var cases: [SeenCase] = []
    func see(_ table: Int, _ row: Int, _ count: Int) {
      openings += count
      if cases.count < Rejects.placesKept { cases.append(SeenCase(table: UInt8(table), row: Int32(row))) }
    }
    for table in tables.indices.prefix(Self.caseTableIndex) {
      var later: [UInt32: Int] = [:]
      for row in tables[table].rows.indices where tables[table].rows[row].isShared { later[UInt32(row)] = 0 }
      if later.isEmpty { continue }
      for step in tables[table].steps where step.kind.slot == .opened { later[step.row]? += 1 }
      // Where no later step is kept, all openings fall on one moment.
      for (row, count) in later.sorted(by: { $0.key < $1.key }) { see(table, Int(row), max(1, count)) }
    }
    let requests = Int(CaseFamily.request.rawValue)
    let (events, rows) = (tables[requests], tables[Self.caseTableIndex])
    if !events.rows.isEmpty, !rows.rows.isEmpty {
      for place in RequestReader.places(events, rows) where place.event >= 0 && place.caseRow >= 0 {
        let (event, row) = (events.rows[Int(place.event)], rows.rows[Int(place.caseRow)])
        guard event.opened.isPresent, parties[Int(event.parties)].first != parties[Int(row.parties)].first else {
          continue
        }
        see(requests, Int(place.event), 1)
      }
    }
    return (openings, cases)
  }

  /// How many openings don't count because their case number is also that of another manager's case.
  public var sharedCaseOpenings: Int { sharedCases().openings }

  /// Whether so many case numbers stand for cases of different managers that what is left can't be trusted: together with
  /// refused rows they may be as many as those alone.
  ///
  /// - Parameters:
  ///   - maximumBadShare: of all rows that were read.
  ///   - inputs: what was read, as messages name it.
  /// - Throws: ``IngestionError`` of kind `unusable` with their number, the first of them and the cure.
  public func checkSharedCases(maximumBadShare: Double, inputs: [String]) throws(IngestionError) {
    let shared = sharedCases()
    guard shared.openings > 0 else { return }
    let refused = rejects.refusedRows + repeatedCaseRows
    let rows = counts.rows + rejects.refusedRows + rejects.leftOutRows
    guard Double(refused + shared.openings) > maximumBadShare * Double(rows) else { return }
    let names = inputs.prefix(3).joined(separator: ", ") + (inputs.count > 3 ? ", …" : "")
    let shown = shared.cases.prefix(2).map(caseName).joined(separator: "; ")
    throw IngestionError(
      .unusable,
      "\(names): \(overLimit(refused + shared.openings, of: rows, maximumBadShare)): "
        + "\(KeyWords.words("caseShared")) \(shared.openings) (\(shown))" + (refused == 0 ? "" : ", refused \(refused)")
        + ". \(DataQuality.sharedCaseAdvice) --max-bad P% raises the limit")
  }
}
