import FoundationEssentials
import RapportNumerics
import Testing

/// One case of the reference kit: inputs, and what trusted programs say of them.
///
///     guard let reference = ReferenceCase("D01-squeezevar") else { return }
///     let table = reference.table("variances.csv")
///     reference.check(fit: "equal", "df_prior", got: fit.priorDegreesOfFreedom)
///
/// A value passes when |got − value| ≤ atol + rtol |value|, element by element. Each check prints the case, the
/// quantity and the largest error as a multiple of the tolerance.
public struct ReferenceCase: Sendable {
  /// Such as "D01-squeezevar".
  public let name: String
  let folder: String
  let fits: [String: [String: Expected]]

  /// What one fit's one name is expected to be.
  public struct Expected: Sendable {
    /// The value: a number, text, a list or a list of rows.
    public let value: JSONValue
    /// How many units of |value| are allowed.
    public let relative: Double
    /// Allowed besides, one for all elements or one for each.
    public let absolute: [Double]
    /// `exact`, `columns`, `sign`, `info`, or none.
    public let comparison: String?
    /// Whether it follows the order and signs found for the fit's loadings.
    public let followsLoadings: Bool
    /// Labels of a list's entries.
    public let labels: [String]?
    /// Labels of a matrix's rows.
    public let rowLabels: [String]?
    /// Labels of a matrix's columns.
    public let columnLabels: [String]?
  }

  /// Opens a case; `nil`, with the reason printed, where the shared folder is absent.
  public init?(_ name: String) {
    guard let folder = SharedData.path("reference/cases/\(name)") else { return nil }
    self.name = name
    self.folder = folder
    guard let data = FileManager.default.contents(atPath: folder + "/expected.json"),
      let json = try? JSONDecoder().decode(JSONValue.self, from: data), let listed = json["fits"]?.array
    else {
      Issue.record("\(name): expected.json can't be read")
      return nil
    }
    var fits: [String: [String: Expected]] = [:]
    for fit in listed {
      guard let id = fit["id"]?.text, let expected = fit["expected"]?.object else { continue }
      fits[id] = expected.mapValues { entry in
        Expected(
          value: entry["value"] ?? .null, relative: entry["rtol"]?.number ?? 0,
          absolute: entry["atol"]?.array?.compactMap(\.number) ?? [entry["atol"]?.number ?? 0],
          comparison: entry["cmp"]?.text, followsLoadings: entry["align"]?.text == "loadings",
          labels: entry["labels"]?.texts, rowLabels: entry["rows"]?.texts, columnLabels: entry["cols"]?.texts)
      }
    }
    self.fits = fits
  }

  /// The case's CSV file of this name.
  public func table(_ file: String) -> CSVTable {
    guard let data = FileManager.default.contents(atPath: folder + "/" + file) else {
      preconditionFailure("\(name): \(file) can't be read")
    }
    return CSVTable(String(decoding: data, as: UTF8.self))
  }

  /// The full path of the case's file of this name, for readers that open files themselves.
  public func path(_ file: String) -> String { folder + "/" + file }

  /// The case's fits, sorted.
  public var fitNames: [String] { fits.keys.sorted() }

  /// The names expected of this fit, sorted.
  public func names(fit: String) -> [String] { (fits[fit] ?? [:]).keys.sorted() }

  /// What is expected, or `nil` where the case has no such fit or name.
  public func expected(fit: String, _ name: String) -> Expected? { fits[fit]?[name] }

  /// The expected value as one number, such as a reference to start from.
  public func number(fit: String, _ name: String) -> Double? { fits[fit]?[name]?.value.number }

  /// The expected value as a list of numbers.
  public func numbers(fit: String, _ name: String) -> [Double]? {
    fits[fit]?[name]?.value.array?.compactMap(\.number)
  }

  /// The expected value as a matrix.
  public func matrix(fit: String, _ name: String) -> Matrix? {
    guard let rows = fits[fit]?[name]?.value.array?.compactMap(\.array), !rows.isEmpty else { return nil }
    return Matrix(rows: rows.map { $0.map { $0.number ?? .nan } })
  }

  /// Expects one number.
  public func check(
    fit: String, _ name: String, got: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    check(fit: fit, name, flat: [got], sourceLocation: sourceLocation)
  }

  /// Expects a list, in the order of the case.
  public func check(
    fit: String, _ name: String, got: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    check(fit: fit, name, flat: got, sourceLocation: sourceLocation)
  }

  /// Expects a list by label: every label of the case has to be there.
  public func check(
    fit: String, _ name: String, got: [String: Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let expected = find(fit, name, sourceLocation) else { return }
    guard let labels = expected.labels ?? expected.rowLabels else {
      Issue.record("\(self.name) \(fit) \(name) has no labels", sourceLocation: sourceLocation)
      return
    }
    let missing = labels.filter { got[$0] == nil }
    #expect(missing.isEmpty, "\(self.name) \(fit) \(name): nothing for \(missing)", sourceLocation: sourceLocation)
    check(fit: fit, name, flat: labels.map { got[$0] ?? .nan }, sourceLocation: sourceLocation)
  }

  /// Expects a matrix. Where the case says that columns count up to sign and order, or `matching` gives the
  /// expected and the found loadings to take order and signs from, columns are matched first (and rows too, where
  /// the matrix is square and follows the loadings, as factor correlations do).
  public func check(
    fit: String, _ name: String, got: Matrix, matching loadings: Matrix? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let expected = find(fit, name, sourceLocation) else { return }
    guard let want = matrix(fit: fit, name) else {
      Issue.record("\(self.name) \(fit) \(name) isn't a matrix", sourceLocation: sourceLocation)
      return
    }
    guard want.rows == got.rows && want.columns == got.columns else {
      Issue.record(
        "\(self.name) \(fit) \(name): \(got.rows) × \(got.columns), expected \(want.rows) × \(want.columns)",
        sourceLocation: sourceLocation)
      return
    }
    var aligned = got
    if expected.comparison == "columns" || expected.followsLoadings {
      let base = loadings.flatMap { found in matrix(fit: fit, "loadings").map { ($0, found) } } ?? (want, got)
      let match = Self.matchColumns(expected: base.0, found: base.1)
      if match.count == got.columns {
        let isSquareOfFactors = expected.followsLoadings && got.rows == got.columns && loadings != nil
        for j in 0..<got.columns {
          for i in 0..<got.rows {
            let row = isSquareOfFactors ? match[i] : (column: i, sign: 1.0)
            aligned[i, j] = got[row.column, match[j].column] * match[j].sign * row.sign
          }
        }
      }
    }
    let byRows = (0..<aligned.rows).flatMap { aligned.row($0) }
    check(fit: fit, name, flat: byRows, sourceLocation: sourceLocation)
  }

  /// Expects this truth or text exactly.
  public func check(
    fit: String, _ name: String, got: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let expected = find(fit, name, sourceLocation) else { return }
    #expect(expected.value.text == got, "\(self.name) \(fit) \(name)", sourceLocation: sourceLocation)
    report(fit, name, expected.value.text == got ? 0 : .infinity)
  }

  /// Expects this truth value exactly.
  public func check(fit: String, _ name: String, got: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    guard let expected = find(fit, name, sourceLocation) else { return }
    #expect(expected.value == .truth(got), "\(self.name) \(fit) \(name)", sourceLocation: sourceLocation)
    report(fit, name, expected.value == .truth(got) ? 0 : .infinity)
  }

  /// For each expected column, the found column with the largest total congruence, and its sign.
  public static func matchColumns(expected: Matrix, found: Matrix) -> [(column: Int, sign: Double)] {
    guard expected.rows == found.rows && expected.columns == found.columns else { return [] }
    let n = expected.columns
    func congruence(_ i: Int, _ j: Int) -> Double {
      let a = expected.column(i)
      let b = found.column(j)
      let scale = (dot(a, a) * dot(b, b)).squareRoot()
      return scale > 0 ? dot(a, b) / scale : 0
    }
    let table = (0..<n).map { i in (0..<n).map { congruence(i, $0) } }
    var best: [Int] = []
    var bestTotal = -1.0
    func extend(_ chosen: [Int], _ total: Double) {
      if chosen.count == n {
        if total > bestTotal { (best, bestTotal) = (chosen, total) }
        return
      }
      for j in 0..<n where !chosen.contains(j) { extend(chosen + [j], total + abs(table[chosen.count][j])) }
    }
    if n <= 7 {
      extend([], 0)
    } else {
      for i in 0..<n {
        let left = (0..<n).filter { !best.contains($0) }
        best.append(left.max { abs(table[i][$0]) < abs(table[i][$1]) } ?? i)
      }
    }
    return best.enumerated().map { ($1, table[$0][$1] < 0 ? -1 : 1) }
  }

  private func find(_ fit: String, _ name: String, _ sourceLocation: SourceLocation) -> Expected? {
    let expected = fits[fit]?[name]
    if expected == nil { Issue.record("\(self.name) has no \(fit) \(name)", sourceLocation: sourceLocation) }
    return expected
  }

  private func check(fit: String, _ name: String, flat got: [Double], sourceLocation: SourceLocation) {
    guard let expected = find(fit, name, sourceLocation) else { return }
    if expected.comparison == "info" { return }
    let want = expected.value.flattened
    guard got.count == want.count else {
      Issue.record(
        "\(self.name) \(fit) \(name): \(got.count) values, expected \(want.count)", sourceLocation: sourceLocation)
      return
    }
    var sign = 1.0
    if expected.comparison == "sign" {
      sign = zip(got, want).reduce(0) { $0 + $1.0 * ($1.1.number ?? 0) } < 0 ? -1 : 1
    }
    let isExact = expected.comparison == "exact"
    var worst = 0.0
    for (index, pair) in zip(got, want).enumerated() {
      // Undefined in the reference: not judged.
      guard let value = pair.1.number, !value.isNaN else { continue }
      let absolute = expected.absolute.count > 1 ? expected.absolute[index] : expected.absolute[0]
      let error = errorInTolerances(
        sign * pair.0, value, relative: isExact ? 0 : expected.relative, absolute: isExact ? 0 : absolute)
      if error > 1 {
        let label = (expected.labels ?? expected.rowLabels).flatMap { $0.count == want.count ? $0[index] : nil }
        Issue.record(
          "\(self.name) \(fit) \(name)[\(label ?? String(index))]: got \(pair.0), expected \(value)",
          sourceLocation: sourceLocation)
      }
      worst = max(worst, error)
    }
    report(fit, name, worst)
  }

  /// One line for each quantity; `scripts/reference-ledger.py` reads them.
  private func report(_ fit: String, _ name: String, _ worst: Double) {
    print("reference \(self.name) \(fit) \(name): largest error \(Self.rounded(worst)) of the tolerance")
  }

  private static func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    while value * scale < 100 { scale *= 10 }
    while value * scale >= 1000 { scale /= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
