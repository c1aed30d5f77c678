extension Ledger {
  /// The case keys of requests, as they were read.
  ///
  /// - Parameter requests: as ``RequestSpell/request`` numbers them in this ledger's history.
  /// - Complexity: O(requests of the ledger).
  public func requestNames(_ requests: Set<Int32>) -> [Int32: String] {
    guard !requests.isEmpty else { return [:] }
    let (events, caseRows) = (tables[Int(CaseFamily.request.rawValue)], tables[Self.caseTableIndex])
    let places = RequestReader.places(events, caseRows)
    var names: [Int32: String] = [:]
    for request in requests where places.indices.contains(Int(request)) {
      let place = places[Int(request)]
      let (table, row) = place.event >= 0 ? (events, place.event) : (caseRows, place.caseRow)
      names[request] = table.withKey(of: Int(row)) { String(decoding: $0, as: UTF8.self) }
    }
    return names
  }
}
