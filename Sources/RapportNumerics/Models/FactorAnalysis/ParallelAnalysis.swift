/// Parallel analysis: how many eigenvalues are larger than those of random data of the same size.
///
/// Random correlation matrices of independent normal variables are drawn through the Bartlett decomposition of the
/// Wishart distribution, so that a draw costs O(p³) whatever n. Every draw has a random stream of its own: the result
/// doesn't depend on threads.
///
/// Correlations of a table with gaps vary more, and less evenly, than those of as many complete rows: there random tables get
/// the same gaps and go through the same expectation–maximization, as many of them as the work allows.
///
/// Source: Horn (1965), Psychometrika 30, 179–185; percentile after Glorfeld (1995); squared multiple correlations on the
/// diagonal for factors after Humphreys & Ilgen (1969).
public struct ParallelAnalysis: Sendable {
  public var draws = 1000
  /// With gaps, as many draws as cost this many multiplications in each step of the search, about, but no fewer than
  /// ``fewestDraws``: 1000 for 250 patterns of gaps in 10 variables. A few seconds' work.
  public var workWithGaps = 5e8
  /// With this many draws the chance of exceeding the 95th percentile is 5 % give or take 2.
  public var fewestDraws = 100
  /// The random data's percentile that an eigenvalue has to exceed, as a share.
  public var percentile = 0.95
  public var seed: UInt64 = 1
  /// How many threads work; can't change the result.
  public var threads = 1

  public init(draws: Int = 1000, percentile: Double = 0.95, seed: UInt64 = 1, threads: Int = 1) {
    self.draws = draws
    self.percentile = percentile
    self.seed = seed
    self.threads = threads
  }

  /// Eigenvalues of one kind, beside those of random data.
  public struct Comparison: Sendable, Equatable {
    /// Largest first.
    public let eigenvalues: [Double]
    /// The random data's percentile, by position.
    public let thresholds: [Double]
    /// The random data's mean, by position.
    public let means: [Double]

    public init(eigenvalues: [Double], thresholds: [Double], means: [Double]) {
      self.eigenvalues = eigenvalues
      self.thresholds = thresholds
      self.means = means
    }

    /// Eigenvalues above their threshold, counted up to the first that fails.
    public var count: Int {
      eigenvalues.indices.first { eigenvalues[$0] <= thresholds[$0] } ?? eigenvalues.count
    }
  }

  /// What parallel analysis says.
  public struct Result: Sendable, Equatable {
    /// Of the correlation matrix: principal components (Horn).
    public let components: Comparison
    /// Of the correlation matrix with squared multiple correlations on its diagonal: common factors.
    public let factors: Comparison
    /// Random tables behind the thresholds.
    public let draws: Int
  }

  /// Compares a correlation matrix of `observations` rows.
  ///
  /// - Parameter names: of the variables, for messages; they are numbered without.
  /// - Throws: ``NumericsError/invalidInput(_:)`` unless observations exceed variables, and where variables are dependent,
  ///   with what depends on what.
  /// - Complexity: O(draws · p³)
  public func run(
    correlation: Matrix, observations: Int, names: [String] = []
  ) throws(NumericsError) -> Result {
    let p = correlation.rows
    guard observations > p else {
      throw .invalidInput("\(observations) observations of \(p) variables; parallel analysis needs more than variables")
    }
    let random = try draw { stream throws(NumericsError) in
      try Self.spectra(WishartCorrelation.draw(variables: p, observations: observations, &stream))
    }
    return try compare(correlation, random, names)
  }

  /// Compares the correlations of a table with those of random tables that have the same gaps.
  ///
  /// Pairwise moments count the fewest rows that a pair has.
  ///
  /// - Parameter names: of the variables, for messages; they are numbered without.
  /// - Throws: ``NumericsError/invalidInput(_:)`` unless observations exceed variables, where more than one random table
  ///   in ten has no correlations, and where variables are dependent, with what depends on what.
  /// - Complexity: O(draws · p³), times patterns of gaps and steps of the search with gaps
  public func run(_ moments: SampleMoments, names: [String] = []) throws(NumericsError) -> Result {
    guard let sample = moments.incomplete else {
      let isPairwise = moments.treatment == .pairwise
      return try run(
        correlation: moments.correlation,
        observations: isPairwise ? moments.smallestPairCount : moments.observations, names: names)
    }
    guard moments.observations > sample.columns else {
      throw .invalidInput(
        "\(moments.observations) observations of \(sample.columns) variables; parallel analysis needs more than variables"
      )
    }
    let gaps = GapDraws(sample)
    var own = self
    let affordable = max(
      Double(fewestDraws), workWithGaps / GapDraws.workOfStep(patterns: gaps.patterns.count, columns: sample.columns))
    own.draws = affordable < Double(draws) ? Int(affordable) : draws
    let drawn = try own.draw { stream in gaps.draw(&stream).flatMap { try? Self.spectra($0) } }
    let random = drawn.compactMap { $0 }
    guard random.count * 10 >= drawn.count * 9 else {
      throw .invalidInput(
        "\(drawn.count - random.count) of \(drawn.count) random tables with these gaps have no correlations; too few rows "
          + "are known together")
    }
    return try compare(moments.correlation, random, names)
  }

  private func compare(
    _ correlation: Matrix, _ random: [Spectra], _ names: [String]
  ) throws(NumericsError) -> Result {
    let actual = try Self.spectra(correlation, names: names)
    func compare(_ own: [Double], _ kind: (Spectra) -> [Double]) -> Comparison {
      var thresholds: [Double] = []
      var means: [Double] = []
      for position in own.indices {
        let sorted = random.map { kind($0)[position] }.sorted()
        // Linear between order statistics, as R's default quantile (type 7).
        let place = percentile * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        thresholds.append(sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below]))
        means.append(sorted.reduce(0, +) / Double(sorted.count))
      }
      return Comparison(eigenvalues: own, thresholds: thresholds, means: means)
    }
    return Result(
      components: compare(actual.plain) { $0.plain }, factors: compare(actual.reduced) { $0.reduced },
      draws: random.count)
  }

  /// Eigenvalues of a correlation matrix, plain and with squared multiple correlations on the diagonal.
  struct Spectra: Sendable {
    var plain: [Double]
    var reduced: [Double]
  }

  static func spectra(_ correlation: Matrix, names: [String] = []) throws(NumericsError) -> Spectra {
    let inverse = try LinearDependence.factor(correlation, names: names).inverse
    var reduced = correlation
    for j in 0..<correlation.rows { reduced[j, j] = 1 - 1 / inverse[j, j] }
    return Spectra(
      plain: try SymmetricEigen(correlation, vectors: false).values,
      reduced: try SymmetricEigen(reduced, vectors: false).values)
  }

  private func draw<Value: Sendable>(
    _ one: @Sendable (inout RandomStream) throws(NumericsError) -> Value
  ) throws(NumericsError) -> [Value] {
    precondition(draws >= 1 && percentile > 0 && percentile < 1, "\(draws) draws, percentile \(percentile)")
    return try parallelMap(count: draws, threads: threads) { index throws(NumericsError) in
      var stream = RandomStream(seed: seed, purpose: "parallel analysis", unit: UInt64(index))
      return try one(&stream)
    }
  }
}

/// Correlation matrices of independent normal variables.
enum WishartCorrelation {
  /// The sample correlations of `observations` rows.
  static func draw(variables p: Int, observations n: Int, _ stream: inout RandomStream) -> Matrix {
    crossProducts(variables: p, observations: n, &stream).correlationFromCovariance
  }

  /// The cross-products of `observations` rows about their means: W = A Aᵀ with A lower triangular, Aᵢᵢ² ~ χ²(n − 1 − i), i from 0,
  /// and standard normal below. Source: Bartlett (1933); Smith & Hocking (1972), Applied Statistics 21, 341–345.
  static func crossProducts(variables p: Int, observations n: Int, _ stream: inout RandomStream) -> Matrix {
    var a = Matrix(rows: p, columns: p)
    for i in 0..<p {
      for j in 0..<i { a[i, j] = stream.normal() }
      a[i, i] = (2 * stream.gamma(shape: Double(n - 1 - i) / 2)).squareRoot()
    }
    return a.outerCrossProduct
  }
}
