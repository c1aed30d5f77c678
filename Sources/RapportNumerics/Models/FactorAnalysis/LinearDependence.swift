/// A variable that variables before it determine, but for a share of its variance.
///
///     zⱼ = Σ βₖ zₖ + rest        1 − R² = rⱼⱼ − rⱼᵀ R⁻¹ rⱼ        k < j, the independent ones
///
/// Such a variable has no error of its own: its uniqueness has nowhere to go, |R| is 0 and the likelihood has no bound.
public struct LinearDependence: Sendable, Equatable {
  /// Which variable, counted from 0.
  public let variable: Int
  /// The variables before it that matter.
  public let others: [Int]
  /// β: its standardised coefficients on them.
  public let coefficients: [Double]
  /// 1 − R². Clearly below 0, no data can have these correlations.
  public let unexplained: Double

  /// At or below this share variables count as dependent: what is left has no more than four digits, mostly rounding.
  public static let smallestShare = 1e-8

  /// The variables of a correlation matrix that those before them determine, in order; each is left out in turn.
  ///
  /// - Complexity: O(p³)
  public static func all(in correlation: Matrix, leaving share: Double = smallestShare) -> [LinearDependence] {
    var found: [LinearDependence] = []
    // Rows of the Cholesky factor of the variables that stay.
    var kept: [Int] = []
    var factor: [[Double]] = []
    for j in 0..<correlation.columns {
      var row: [Double] = []
      for (k, other) in kept.enumerated() {
        row.append((correlation[other, j] - dot(Array(factor[k][..<k]), row)) / factor[k][k])
      }
      let rest = correlation[j, j] - dot(row, row)
      guard rest <= share else {
        kept.append(j)
        factor.append(row + [rest.squareRoot()])
        continue
      }
      var beta = row
      for k in kept.indices.reversed() {
        beta[k] /= factor[k][k]
        for i in 0..<k { beta[i] -= factor[k][i] * beta[k] }
      }
      // Where a share is left, coefficients have noise of its size.
      let size = beta.reduce(0) { max($0, abs($1)) } * max(1e-6, share.squareRoot())
      let matter = kept.indices.filter { abs(beta[$0]) > size }
      found.append(
        LinearDependence(
          variable: j, others: matter.map { kept[$0] }, coefficients: matter.map { beta[$0] }, unexplained: rest))
    }
    return found
  }

  /// - Throws: ``NumericsError/invalidInput(_:)`` with what depends on what, and the cure.
  static func requireNone(in correlation: Matrix, names: [String]) throws(NumericsError) {
    if let first = all(in: correlation).first { throw .invalidInput(first.description(names: names)) }
  }

  /// The Cholesky factor of a correlation matrix.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` with what depends on what, by name, where it has none.
  static func factor(_ correlation: Matrix, names: [String]) throws(NumericsError) -> Cholesky {
    do {
      return try Cholesky(correlation)
    } catch {
      guard case .notPositiveDefinite = error else { throw error }
      try requireNone(in: correlation, names: names)
      throw error
    }
  }

  /// What depends on what, and the cure: "'d' is determined by 'a', 'b' and 'c': …".
  ///
  /// - Parameter names: of all variables; they are numbered without.
  public func description(names: [String]) -> String {
    let own = columnName(variable, names)
    let list = Self.list(others.map { columnName($0, names) })
    if unexplained < -Self.smallestShare {
      return "no data can have these correlations: \(list) would explain more than all of \(own); "
        + "take all correlations from the same rows"
    }
    if unexplained > Self.smallestShare {
      let percent = (unexplained * 1e4).rounded(.up) / 100
      return "\(own) is determined by \(list) but for \(percent) % of its variance; leave one of them out"
    }
    let cure = "correlations are singular, and have no likelihood and no fit; leave one of them out"
    if others.count == 1 {
      return "\(own) repeats \(list)\(coefficients[0] < 0 ? " with the opposite sign" : ""): \(cure)"
    }
    return "\(own) is determined by \(list): \(cure)"
  }

  /// The first few, and how many more.
  private static func list(_ names: [String]) -> String {
    let shown = names.count > 6 ? Array(names[..<5]) + ["\(names.count - 5) more"] : names
    return shown.count < 2
      ? shown.joined() : shown.dropLast().joined(separator: ", ") + " and " + shown[shown.count - 1]
  }
}

/// A column's name for messages, in quotes; its place, counted from 1, where names aren't given.
func columnName(_ j: Int, _ names: [String]) -> String {
  names.indices.contains(j) ? "'\(names[j])'" : "column \(j + 1)"
}
