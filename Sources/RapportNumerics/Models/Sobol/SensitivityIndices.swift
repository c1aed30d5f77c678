/// What the inputs make of one component's variance.
public struct SensitivityIndices: Sendable, Equatable {
  /// Its mean over the inputs.
  public let mean: Double
  /// Its variance over the inputs.
  public let variance: Double
  /// S_j by input or group; `nil` where the component doesn't vary.
  public let first: [SensitivityIndex]?
  /// T_j by input or group; `nil` where the component doesn't vary.
  public let total: [SensitivityIndex]?

  /// What one batch makes of a variance: itself, and its parts by input.
  private struct Parts: Sendable, Equatable {
    var variance = 0.0
    var first: [Double]
    var total: [Double]
  }
  private let batches: [Parts]

  init(_ batches: [SensitivitySums], origin: Double) {
    let center = batches.reduce(0) { $0 + $1.mean } / Double(batches.count)
    self.init(
      mean: origin + center,
      batches.map { batch in
        Parts(
          variance: batch.squares - 2 * center * batch.mean + center * center,
          first: zip(batch.first, batch.differences).map { $0 - center * $1 }, total: batch.total)
      })
  }

  private init(mean: Double, _ batches: [Parts]) {
    let variances = batches.map(\.variance)
    let variance = max(0, variances.reduce(0, +) / Double(batches.count))
    self.mean = mean
    self.variance = variance
    self.batches = batches
    // What rounding alone would make of a constant.
    guard variance > 1e-28 * mean * mean && variance > 0 else {
      (first, total) = (nil, nil)
      return
    }
    let inputs = batches[0].first.indices
    first = inputs.map { j in SensitivityIndex(batches.map { $0.first[j] }, variances) }
    total = inputs.map { j in SensitivityIndex(batches.map { $0.total[j] }, variances) }
  }

  /// The indices of several components of one function together: partial variances added, over variances added.
  ///
  /// Mean and variance are sums. Errors are those of the sums, since the components' batches are the same.
  ///
  /// - Parameter components: at least one.
  ///
  /// Source: Lamboni, Monod & Makowski (2011), Multivariate sensitivity analysis to measure global contribution of input
  /// factors in dynamic models.
  public static func together(_ components: [SensitivityIndices]) -> SensitivityIndices {
    precondition(!components.isEmpty, "no components to put together")
    var sums = components[0].batches.map {
      Parts(first: [Double](repeating: 0, count: $0.first.count), total: [Double](repeating: 0, count: $0.total.count))
    }
    for component in components where component.first != nil {
      for (b, batch) in component.batches.enumerated() {
        sums[b].variance += batch.variance
        for j in batch.first.indices {
          sums[b].first[j] += batch.first[j]
          sums[b].total[j] += batch.total[j]
        }
      }
    }
    return SensitivityIndices(mean: components.reduce(0) { $0 + $1.mean }, sums)
  }
}

/// A share of variance with its standard error.
///
/// True ones lie in 0 … 1; estimates near the ends may lie beyond.
public struct SensitivityIndex: Sendable, Equatable {
  /// The estimate.
  public let share: Double
  /// Its standard error, between batches.
  public let standardError: Double

  /// Σ parts / Σ variances. The error is that of the mean of parts − share · variance, over the mean variance.
  init(_ parts: [Double], _ variances: [Double]) {
    let count = Double(parts.count)
    let variance = variances.reduce(0, +) / count
    let share = parts.reduce(0, +) / count / variance
    var squares = 0.0
    for (part, own) in zip(parts, variances) {
      let residual = part - share * own
      squares += residual * residual
    }
    self.share = share
    standardError = (squares / (count * (count - 1))).squareRoot() / variance
  }
}

/// Means over one batch, of f less its origin.
struct SensitivitySums: Sendable {
  private var rows = 0.0
  private var sum = 0.0
  private var sumOfSquares = 0.0
  private var products: [Double]
  private var sumsOfDifferences: [Double]
  private var squaredDifferences: [Double]

  init(inputs: Int) {
    products = [Double](repeating: 0, count: inputs)
    sumsOfDifferences = products
    squaredDifferences = products
  }

  mutating func add(_ a: Double, _ b: Double) {
    rows += 1
    sum += a + b
    sumOfSquares += a * a + b * b
  }

  mutating func add(input j: Int, _ a: Double, _ b: Double, _ mixed: Double) {
    products[j] += b * (mixed - a)
    sumsOfDifferences[j] += mixed - a
    squaredDifferences[j] += (a - mixed) * (a - mixed)
  }

  /// Of f, over both samples.
  var mean: Double { sum / (2 * rows) }
  /// Of f², over both samples.
  var squares: Double { sumOfSquares / (2 * rows) }
  /// f(B) (f(A_B^j) − f(A)), not centred.
  var first: [Double] { products.map { $0 / rows } }
  /// f(A_B^j) − f(A).
  var differences: [Double] { sumsOfDifferences.map { $0 / rows } }
  /// ½ (f(A) − f(A_B^j))².
  var total: [Double] { squaredDifferences.map { $0 / (2 * rows) } }
}
