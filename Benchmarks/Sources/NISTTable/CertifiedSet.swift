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
    return try JSONDecoder().decode(Expected.self, from: data).fits.map { fit in
      let lines = try String(contentsOfFile: "\(folder)/\(fit.spec.file)", encoding: .utf8)
        .split(whereSeparator: \.isNewline)
      let fields = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      let order = fields[0]
      let columns = order.indices.map { j in fields.dropFirst().map { Double($0[j]) ?? .nan } }
      return CertifiedSet(
        name: fit.spec.file.replacingOccurrences(of: ".csv", with: ""), model: fit.spec.model ?? "",
        columns: Dictionary(uniqueKeysWithValues: zip(order, columns)), order: order,
        certified: fit.expected.mapValues(\.value.numbers))
    }
  }

  /// What is read of `expected.json`. `JSONSerialization` would be shorter, and misses last digits.
  private struct Expected: Decodable {
    let fits: [Fit]

    struct Fit: Decodable {
      let spec: Specification
      let expected: [String: Quantity]
    }
    struct Specification: Decodable {
      let file: String
      let model: String?
    }
    struct Quantity: Decodable {
      let value: Values
    }

    /// A number, a list of numbers, or "Inf".
    struct Values: Decodable {
      let numbers: [Double]

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          numbers = [number]
        } else if let list = try? container.decode([Double].self) {
          numbers = list
        } else {
          numbers = try container.decode(String.self) == "Inf" ? [.infinity] : []
        }
      }
    }
  }
}
