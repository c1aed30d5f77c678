/// What the inputs make of one component's variance.
public struct SensitivityIndices: Sendable, Equatable {
  /// Its mean over the inputs.
  public let mean: Double
  /// Its variance over the inputs.
  public let variance: Double
  /// S_j by input; `nil` where the component doesn't vary.
  public let first: [SensitivityIndex]?
  /// T_j by input; `nil` where the component doesn't vary.
  public let total: [SensitivityIndex]?

  /// 1 − Σ S_j, the share that inputs make only together.
  public var interactionShare: Double? { first.map { 1 - $0.reduce(0) { $0 + $1.share } } }

  init(_ batches: [SensitivitySums], origin: Double) {
    let count = batches[0].first.count
    let center = batches.reduce(0) { $0 + $1.mean } / Double(batches.count)
    let variances = batches.map { $0.squares - 2 * center * $0.mean + center * center }
    let variance = max(0, variances.reduce(0, +) / Double(batches.count))
    mean = origin + center
    self.variance = variance
    // What rounding alone would make of a constant.
    guard variance > 1e-28 * mean * mean && variance > 0 else {
      (first, total) = (nil, nil)
      return
    }
    first = (0..<count).map { j in
      SensitivityIndex(batches.map { $0.first[j] - center * $0.differences[j] }, variances)
    }
    total = (0..<count).map { j in SensitivityIndex(batches.map { $0.total[j] }, variances) }
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
