import Foundation

/// One of NIST's data sets, and what is certified of it.
struct CertifiedSet {
  let name: String
  /// The model in words.
  let model: String
  /// Columns by name.
  let columns: [String: [Double]]
  /// Names of columns, in the file's order.
  let order: [String]
  /// Certified values by quantity.
  let certified: [String: [Double]]

  /// How hard NIST takes it to be.
  var level: String { Self.lower.contains(name) ? "lower" : Self.average.contains(name) ? "average" : "higher" }

  private static let lower: Set = [
    "Norris", "Pontius", "PiDigits", "Lottery", "Lew", "Mavro", "Michelso", "NumAcc1", "SiRstv", "SmLs01", "SmLs02",
    "SmLs03",
  ]
  private static let average: Set = [
    "NoInt1", "NoInt2", "NumAcc2", "NumAcc3", "AtmWtAg", "SmLs04", "SmLs05", "SmLs06",
  ]

  /// The sets of a case.
  static func read(folder: String) throws -> [CertifiedSet] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json"))
    guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      let fits = root["fits"] as? [[String: Any]]
    else { throw CocoaError(.fileReadCorruptFile) }
    return try fits.map { fit in
      guard let spec = fit["spec"] as? [String: Any], let file = spec["file"] as? String,
        let expected = fit["expected"] as? [String: [String: Any]]
      else { throw CocoaError(.fileReadCorruptFile) }
      let lines = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8).split(whereSeparator: \.isNewline)
      let fields = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      let order = fields[0]
      let columns = order.indices.map { j in fields.dropFirst().map { Double($0[j]) ?? .nan } }
      return CertifiedSet(
        name: file.replacingOccurrences(of: ".csv", with: ""), model: spec["model"] as? String ?? "",
        columns: Dictionary(uniqueKeysWithValues: zip(order, columns)), order: order,
        certified: expected.mapValues { numbers($0["value"]) })
    }
  }

  private static func numbers(_ value: Any?) -> [Double] {
    switch value {
    case let list as [Any]: list.flatMap { numbers($0) }
    case let number as NSNumber: [number.doubleValue]
    case "Inf" as String: [.infinity]
    default: []
    }
  }
}
