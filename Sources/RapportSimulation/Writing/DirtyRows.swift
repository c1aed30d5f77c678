import RapportIngestion

/// Rows that no reader should accept or count twice, as real exports have them.
enum DirtyRow: String, CaseIterable {
  case unknownKind, badTime, missingManager, missingPartner, missingCase, futureTime, selfRequest, orphanResponse
  case badValue, duplicate

  /// The row's bytes, near a clean row in time.
  ///
  /// - Parameters:
  ///   - clean: the bytes of the clean row
  ///   - number: counts dirty rows, so that no two are alike
  func bytes(near clean: ArraySlice<UInt8>, number: Int) -> [UInt8] {
    if self == .duplicate { return Array(clean) }
    var fields = clean.dropLast().split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
      Array($0)
    }
    func set(_ column: Int, _ text: String) { fields[column] = Array(text.utf8) }
    func makeRequest(case key: String) {
      set(1, "request")
      if fields[3].isEmpty { set(3, "P01") }
      set(4, "manager")
      set(5, key)
      for column in 6..<12 { set(column, "") }
    }
    switch self {
    case .unknownKind: set(1, "respnse")
    case .badTime: set(0, "2024-13-\(40 + number % 50)T25:61:00")
    case .missingManager:
      // A partner's absence needs none.
      if fields[1].elementsEqual("absence".utf8) { makeRequest(case: "D\(number)") }
      set(2, "")
    case .missingPartner:
      makeRequest(case: "D\(number)")
      set(3, "")
      set(1, "decision")
      set(5, "")
      set(10, "1")
    case .missingCase: makeRequest(case: "")
    case .futureTime: set(0, "2099-01-01T00:\(10 + number % 50):00")
    case .selfRequest:
      makeRequest(case: "D\(number)")
      fields[3] = fields[2]
    case .orphanResponse:
      makeRequest(case: "D\(number)")
      set(1, "response")
      set(4, "partner")
    case .badValue:
      makeRequest(case: "")
      set(1, "survey")
      set(10, "many")
    case .duplicate: break
    }
    return Array(fields.joined(separator: [UInt8(ascii: ",")])) + [UInt8(ascii: "\n")]
  }
}
