import Glibc

/// Means, covariances and correlations of the columns of a table, and what became of missing values.
///
/// Columns are scaled by powers of two inside, so that correlations of values near 1e300 or 1e−300 are as good as any;
/// covariances beyond the range of numbers are infinite or 0.
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
  public let treatment: Treatment
  /// How expectation–maximization ended: the gradient is that of the log-likelihood of an average row by a standardised
  /// mean or covariance. `nil` for the others, which don't search.
  public let search: SearchRecord?
  /// The fewest rows that any pair of columns has in common.
  public let smallestPairCount: Int
  /// The rows behind ``Treatment/expectationMaximization``; `nil` for the others.
  let incomplete: IncompleteSample?
  private let scale: ColumnScale
  private let scaledCovariance: Matrix

  /// Divisor n − 1 for complete and pairwise data, n for expectation–maximization.
  public var covariance: Matrix {
    var result = scaledCovariance
    for j in 0..<result.columns {
      for i in 0..<result.rows { result[i, j] = scale.restored(scaledCovariance[i, j], columns: i, j) }
    }
    return result
  }

  /// Square roots of the covariances' diagonal.
  public var deviations: [Double] {
    scaledCovariance.diagonal.enumerated().map { j, variance in scale.restored(variance.squareRoot(), column: j) }
  }

  /// The correlation matrix: covariances over both standard deviations, ones on the diagonal.
  public var correlation: Matrix { scaledCovariance.correlationFromCovariance }

  /// Moments of rows without gaps.
  ///
  /// Sums are taken about the mean, so that large means cost no digits.
  ///
  /// - Parameter names: of the columns, for messages.
  /// - Throws: ``NumericsError/invalidInput(_:)`` with fewer than two rows, an undefined number, or a constant column.
  /// - Complexity: O(n p²)
  public init(complete rows: Matrix, names: [String] = []) throws(NumericsError) {
    let n = rows.rows
    guard n >= 2 else { throw .invalidInput("\(n) rows; moments need at least 2") }
    let columns = (0..<rows.columns).map { rows.column($0) }
    let scale = try ColumnScale(columns, names: names)
    var centred: [Double] = []
    centred.reserveCapacity(rows.elements.count)
    var means: [Double] = []
    for (j, own) in columns.enumerated() {
      let column = scale.scaled(own, column: j)
      let mean = Self.mean(column)
      for value in column { centred.append(value - mean) }
      means.append(mean)
    }
    let covariance =
      (1 / Double(n - 1)) * Matrix(rows: n, columns: columns.count, elements: centred).crossProduct
    for j in columns.indices {
      try Self.requireVariation(columns[j], scaledDeviation: covariance[j, j].squareRoot(), columnName(j, names))
    }
    self.init(
      observations: n, scaledMeans: means, scaledCovariance: covariance, scale: scale, treatment: .complete,
      search: nil, smallestPairCount: n)
  }

  /// Moments of rows with gaps, each pair of columns by the rows that have both.
  ///
  /// The result need not be positive definite, in which case no factor model can be fitted to it;
  /// ``init(missing:names:tolerance:maximumIterations:)`` always is.
  ///
  /// - Parameter names: of the columns, for messages.
  /// - Throws: ``NumericsError/invalidInput(_:)`` where rows differ in length, two columns have fewer than two rows in common, a
  ///   value isn't finite, or a column is constant.
  /// - Complexity: O(n p²)
  public init(pairwise rows: [[Double?]], names: [String] = []) throws(NumericsError) {
    try Self.requireSameLength(rows)
    let used = rows.filter { row in row.contains { $0 != nil } }
    let p = used.first?.count ?? 0
    let present = (0..<p).map { j in used.compactMap { $0[j] } }
    let scale = try ColumnScale(present, names: names)
    let columns = (0..<p).map { j in used.map { row in row[j].map { scale.scaled($0, column: j) } } }
    var correlation = Matrix.identity(p)
    var means = [Double](repeating: 0, count: p)
    var deviations = [Double](repeating: 0, count: p)
    var fewest = used.count
    for j in 0..<p {
      let own = columns[j].compactMap { $0 }
      guard own.count >= 2 else {
        throw .invalidInput("\(columnName(j, names)) has \(own.count) values; at least 2 are needed")
      }
      let mean = Self.mean(own)
      means[j] = mean
      deviations[j] = (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count - 1)).squareRoot()
      try Self.requireVariation(present[j], scaledDeviation: deviations[j], columnName(j, names))
      fewest = min(fewest, own.count)
    }
    for j in 0..<p {
      for k in 0..<j {
        let pairs = zip(columns[k], columns[j]).compactMap { x, y in
          if let x, let y { (x, y) } else { nil as (Double, Double)? }
        }
        guard pairs.count >= 2 else {
          throw .invalidInput(
            "\(Self.pair(k, j, names)) have \(pairs.count) rows in common; at least 2 are needed")
        }
        fewest = min(fewest, pairs.count)
        let (meanX, meanY) = (Self.mean(pairs.map(\.0)), Self.mean(pairs.map(\.1)))
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (x, y) in pairs {
          xx += (x - meanX) * (x - meanX)
          yy += (y - meanY) * (y - meanY)
          xy += (x - meanX) * (y - meanY)
        }
        guard xx > 0, yy > 0 else {
          throw .invalidInput("\(Self.pair(k, j, names)): one is constant in the rows that they have in common")
        }
        correlation[j, k] = xy / (xx.squareRoot() * yy.squareRoot())
        correlation[k, j] = correlation[j, k]
      }
    }
    var covariance = correlation
    for j in 0..<p {
      for k in 0..<p { covariance[j, k] *= deviations[j] * deviations[k] }
    }
    self.init(
      observations: used.count, scaledMeans: means, scaledCovariance: covariance, scale: scale, treatment: .pairwise,
      search: nil, smallestPairCount: fewest)
  }

  init(
    observations: Int, scaledMeans: [Double], scaledCovariance: Matrix, scale: ColumnScale, treatment: Treatment,
    search: SearchRecord?, smallestPairCount: Int, incomplete: IncompleteSample? = nil
  ) {
    self.observations = observations
    self.means = scaledMeans.enumerated().map { j, mean in scale.restored(mean, column: j) }
    self.scaledCovariance = scaledCovariance
    self.scale = scale
    self.treatment = treatment
    self.search = search
    self.smallestPairCount = smallestPairCount
    self.incomplete = incomplete
  }

  /// The mean, corrected by the mean of what remains.
  private static func mean(_ values: [Double]) -> Double {
    let rough = values.reduce(0, +) / Double(values.count)
    return rough + values.reduce(0) { $0 + ($1 - rough) } / Double(values.count)
  }

  static func requireSameLength(_ rows: [[Double?]]) throws(NumericsError) {
    guard let first = rows.first, let row = rows.firstIndex(where: { $0.count != first.count }) else { return }
    throw .invalidInput("row \(row + 1) has \(rows[row].count) values, expected \(first.count) as in row 1")
  }

  /// "columns 1 and 2", or both names.
  private static func pair(_ k: Int, _ j: Int, _ names: [String]) -> String {
    names.isEmpty ? "columns \(k + 1) and \(j + 1)" : "\(columnName(k, names)) and \(columnName(j, names))"
  }

  /// The deviation is that of values of which the largest is 1 to 2.
  private static func requireVariation(
    _ values: [Double], scaledDeviation: Double, _ name: String
  ) throws(NumericsError) {
    guard scaledDeviation <= 1e-12 else { return }
    throw .invalidInput(
      values.allSatisfy { $0 == values[0] }
        ? "\(name) is constant; leave it out"
        : "\(name) varies by less than 1e-12 of its size, which may be rounding; subtract its mean, or leave it out")
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
