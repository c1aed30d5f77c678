import Glibc

/// Means, covariances and correlations of the columns of a table, and what became of missing values.
public struct SampleMoments: Sendable, Equatable {
  /// What was done about missing values.
  public enum Treatment: String, Codable, Sendable {
    /// Nothing was missing.
    case complete
    /// Maximum likelihood under missingness at random, by expectation–maximization.
    case expectationMaximization
    /// Each pair of columns by the rows that have both.
    case pairwise
  }

  /// Rows that hold at least one value.
  public let observations: Int
  public let means: [Double]
  /// Divisor n − 1 for complete and pairwise data, n for expectation–maximization.
  public let covariance: Matrix
  public let treatment: Treatment
  /// Steps of expectation–maximization; 0 for the others.
  public let iterations: Int

  /// The correlation matrix: covariances over both standard deviations, ones on the diagonal.
  public var correlation: Matrix { covariance.correlationFromCovariance }

  /// The fewest rows that any pair of columns has in common.
  public let smallestPairCount: Int

  /// Moments of rows without gaps.
  ///
  /// Sums are taken about the mean, so that large means cost no digits.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` with fewer than two rows, an undefined number, or a constant column.
  /// - Complexity: O(n p²)
  public init(complete rows: Matrix) throws(NumericsError) {
    let n = rows.rows
    guard n >= 2 else { throw .invalidInput("\(n) rows; moments need at least 2") }
    guard rows.elements.allSatisfy({ $0.isFinite }) else {
      throw .invalidInput("a value isn't a finite number; leave missing values out")
    }
    var centred = rows
    var means = [Double](repeating: 0, count: rows.columns)
    for j in 0..<rows.columns {
      let column = rows.column(j)
      let rough = column.reduce(0, +) / Double(n)
      means[j] = rough + column.reduce(0) { $0 + ($1 - rough) } / Double(n)
      for i in 0..<n { centred[i, j] = column[i] - means[j] }
    }
    let covariance = (1 / Double(n - 1)) * centred.crossProduct
    try Self.requireVariation(covariance, means: means)
    self.init(
      observations: n, means: means, covariance: covariance, treatment: .complete, iterations: 0, smallestPairCount: n)
  }

  /// Moments of rows with gaps, each pair of columns by the rows that have both.
  ///
  /// The result need not be positive definite, in which case no factor model can be fitted to it;
  /// ``init(missing:tolerance:maximumIterations:)`` always is.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where two columns have fewer than two rows in common, or a column is
  ///   constant.
  /// - Complexity: O(n p²)
  public init(pairwise rows: [[Double?]]) throws(NumericsError) {
    let used = rows.filter { row in row.contains { $0 != nil } }
    let p = used.first?.count ?? 0
    var correlation = Matrix.identity(p)
    var means = [Double](repeating: 0, count: p)
    var deviations = [Double](repeating: 0, count: p)
    var fewest = used.count
    for j in 0..<p {
      let own = used.compactMap { $0[j] }
      guard own.count >= 2 else {
        throw .invalidInput("column \(j + 1) has \(own.count) values; at least 2 are needed")
      }
      means[j] = own.reduce(0, +) / Double(own.count)
      let mean = means[j]
      deviations[j] = (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count - 1)).squareRoot()
      guard deviations[j] > 1e-12 * max(1, abs(mean)) else { throw .invalidInput("column \(j + 1) is constant") }
      fewest = min(fewest, own.count)
    }
    for j in 0..<p {
      for k in 0..<j {
        let pairs = used.compactMap { row in
          if let x = row[j], let y = row[k] { (x, y) } else { nil as (Double, Double)? }
        }
        guard pairs.count >= 2 else {
          throw .invalidInput("columns \(k + 1) and \(j + 1) have \(pairs.count) rows in common; at least 2 are needed")
        }
        fewest = min(fewest, pairs.count)
        let n = Double(pairs.count)
        let (meanX, meanY) = (pairs.reduce(0) { $0 + $1.0 } / n, pairs.reduce(0) { $0 + $1.1 } / n)
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (x, y) in pairs {
          xx += (x - meanX) * (x - meanX)
          yy += (y - meanY) * (y - meanY)
          xy += (x - meanX) * (y - meanY)
        }
        guard xx > 0, yy > 0 else {
          throw .invalidInput("columns \(k + 1) and \(j + 1): one is constant in the rows that they have in common")
        }
        correlation[j, k] = xy / (xx * yy).squareRoot()
        correlation[k, j] = correlation[j, k]
      }
    }
    var covariance = correlation
    for j in 0..<p {
      for k in 0..<p { covariance[j, k] *= deviations[j] * deviations[k] }
    }
    self.init(
      observations: used.count, means: means, covariance: covariance, treatment: .pairwise, iterations: 0,
      smallestPairCount: fewest)
  }

  init(
    observations: Int, means: [Double], covariance: Matrix, treatment: Treatment, iterations: Int,
    smallestPairCount: Int
  ) {
    self.observations = observations
    self.means = means
    self.covariance = covariance
    self.treatment = treatment
    self.iterations = iterations
    self.smallestPairCount = smallestPairCount
  }

  static func requireVariation(_ covariance: Matrix, means: [Double]) throws(NumericsError) {
    for j in means.indices where covariance[j, j].squareRoot() <= 1e-12 * max(1, abs(means[j])) {
      throw .invalidInput("column \(j + 1) is constant; leave it out")
    }
  }
}

extension Matrix {
  /// D^−½ A D^−½ with D the diagonal of A; ones on the diagonal, exactly symmetric.
  public var correlationFromCovariance: Matrix {
    let deviations = diagonal.map { $0.squareRoot() }
    var result = Matrix.identity(rows)
    for j in 0..<columns {
      for i in (j + 1)..<max(rows, j + 1) {
        result[i, j] = self[i, j] / (deviations[i] * deviations[j])
        result[j, i] = result[i, j]
      }
    }
    return result
  }
}
