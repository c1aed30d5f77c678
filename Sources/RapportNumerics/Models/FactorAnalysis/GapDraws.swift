/// Correlations of random tables with the gaps of a given one: independent normal variables, as expectation–maximization
/// sees them.
///
/// A pattern's c rows of k known values enter by their sums and cross-products alone, which are drawn as such: sums √c z,
/// cross-products about the mean by the Bartlett decomposition of the Wishart distribution. Where a pattern has fewer rows
/// than that needs, the rows are drawn.
struct GapDraws: Sendable {
  let patterns: [MissingPattern]
  let columns: Int
  let count: Double
  init(_ sample: IncompleteSample) {
    // By columns, so that the order of rows doesn't show.
    patterns = sample.patterns.sorted { $0.known.lexicographicallyPrecedes($1.known) }
    columns = sample.columns
    count = sample.estimate.count
  }

  /// A hundredth of a correlation's standard error: what is left of the search doesn't show beside chance.
  static func tolerance(rows: Double) -> Double { min(1e-3, 0.01 / rows.squareRoot()) }

  /// Multiplications of a step of the search, about.
  static func workOfStep(patterns: Int, columns: Int) -> Double {
    Double(patterns) * Double(columns) * Double(columns) * Double(columns + 10)
  }

  /// The correlations of one random table; `nil` where it has none, as with hardly more rows than columns.
  func draw(_ stream: inout RandomStream) -> Matrix? {
    var drawn: [MissingPattern] = []
    drawn.reserveCapacity(patterns.count)
    for pattern in patterns { drawn.append(Self.random(pattern, &stream)) }
    let start = NormalEstimate.independent(columns: columns, count: count)
    return (try? start.maximised(drawn, tolerance: Self.tolerance(rows: count), maximumIterations: 500))?
      .estimate.covariance.correlationFromCovariance
  }

  private static func random(_ pattern: MissingPattern, _ stream: inout RandomStream) -> MissingPattern {
    let k = pattern.known.count
    let count = Int(pattern.count)
    var sums: [Double] = []
    var products: Matrix
    if count > k + 1 {
      sums = (0..<k).map { _ in pattern.count.squareRoot() * stream.normal() }
      products = WishartCorrelation.crossProducts(variables: k, observations: count, &stream)
      for j in 0..<k {
        for i in 0..<k { products[i, j] += sums[i] * sums[j] / pattern.count }
      }
    } else {
      let rows = Matrix(
        rows: count, columns: k, elements: (0..<(count * k)).map { _ in stream.normal() })
      sums = (0..<k).map { rows.column($0).reduce(0, +) }
      products = rows.crossProduct
    }
    return MissingPattern(
      known: pattern.known, missing: pattern.missing, count: pattern.count, sums: sums, products: products)
  }
}
