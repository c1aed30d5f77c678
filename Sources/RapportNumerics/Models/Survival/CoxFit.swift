import Glibc

/// A fitted Cox model: coefficients, their errors, tests, and a record of the search.
public struct CoxFit: Sendable {
  /// A log hazard ratio.
  public struct Coefficient: Sendable, Equatable, Codable {
    /// The design's column.
    public let name: String
    /// β: the change of the log hazard for one unit of the column.
    public let estimate: Double
    /// From the inverse information.
    public let standardError: Double
    /// From the infinitesimal jackknife, where it was asked for.
    public let robustStandardError: Double?
  }

  /// The model that was fitted.
  public let model: CoxModel
  /// Rows that count.
  public let observations: Int
  /// Events among them.
  public let events: Int
  /// In the order of the design, dependent columns left out.
  public let coefficients: [Coefficient]
  /// Of the coefficients, in their order: the inverse information.
  public let covariance: Matrix
  /// Of the coefficients, by the infinitesimal jackknife (Lin & Wei 1989): Σ over clusters of D Dᵀ, with D a cluster's
  /// sum of dfbetas.
  public let robustCovariance: Matrix?
  /// How many clusters the rows lie in that are ever at risk when an event happens; `nil` where the data name none.
  public let clusters: Int?
  /// Columns left out because they depend on earlier ones in every risk set, or don't vary within any.
  public let dropped: [String]
  /// Columns whose coefficients run to infinity, or that nothing tells once others' have; what stands in `coefficients` is where the
  /// search stopped.
  public let diverging: [String]
  /// ℓ at the estimates, without a prior.
  public let logLikelihood: Double
  /// ℓ at β = 0.
  public let nullLogLikelihood: Double
  /// 2 (ℓ − ℓ₀).
  public let likelihoodRatioTest: ChiSquaredTest
  /// g' I⁻¹ g at β = 0: the log-rank test, with one category.
  public let scoreTest: ChiSquaredTest?
  /// β' V⁻¹ β, with the robust V where there is one.
  public let waldTest: ChiSquaredTest?
  /// g' B⁻¹ g at β = 0, with B the sum over clusters of score residuals' products.
  public let robustScoreTest: ChiSquaredTest?
  /// What the search did.
  public let search: SearchRecord
  /// The gradient at the end, in standard errors: √(g' I⁻¹ g).
  public let relativeGradient: Double
  /// Of the columns, centred within each risk set and of length 1: the largest singular value over the smallest, at β = 0.
  public let conditionNumber: Double
  /// Doubts, in words.
  public let notes: [String]

  let data: SurvivalData
  let sweep: CoxSweep
  /// β in the scale of the sweep's columns.
  let scaledCoefficients: [Double]
  /// −∂²ℓ in that scale.
  let scaledInformation: Matrix
  let designCount: Int
  let threads: Int

  /// −2 ℓ + 2 coefficients.
  public var akaike: Double { -2 * logLikelihood + 2 * Double(coefficients.count) }
  /// −2 ℓ + log(events) coefficients.
  public var bayes: Double { -2 * logLikelihood + log(Double(events)) * Double(coefficients.count) }

  init(
    _ model: CoxModel, _ data: SurvivalData, names: [String], _ sweep: CoxSweep, _ found: CoxSearch.Outcome,
    threads: Int
  ) throws(NumericsError) {
    let columns = sweep.columns
    let p = columns.count
    self.model = model
    self.data = data
    self.sweep = sweep
    self.threads = threads
    designCount = names.count
    observations = sweep.sets.observations
    events = sweep.sets.events
    scaledCoefficients = found.beta
    scaledInformation = found.end.information
    search = found.record
    relativeGradient = found.relativeGradient
    logLikelihood = found.end.value
    nullLogLikelihood = found.start.value
    dropped = columns.dropped.map { names[$0] }

    clusters = data.clusters.map { codes in Set(sweep.sets.rows.lazy.map { codes[Int($0)] }).count }
    // Their scores sum to zero at the estimates, so that p columns need p + 1 of them, or the errors of some combination of
    // columns, or of all, come out as zero.
    if let clusters, clusters <= p {
      throw .invalidInput(
        "robust errors of \(p) \(p == 1 ? "column" : "columns") need \(p + 1) clusters or more, and the rows that tell "
          + "something lie in \(clusters); name no clusters, or fewer columns")
    }
    var robust: Matrix?
    var robustScore: ChiSquaredTest?
    if data.clusters != nil || model.isRobust {
      guard
        let end = sweep.details(found.beta, scores: true, threads: threads),
        let start = sweep.details([Double](repeating: 0, count: p), scores: true, threads: threads)
      else { throw .invalidInput("hazards differ too much within a stratum for robust errors; use a prior") }
      let middle = Self.clusterProducts(end.scores, sweep, data)
      robust = found.covariance * middle * found.covariance
      robustScore = ChiSquaredTest(
        of: found.start.gradient, covariance: Self.clusterProducts(start.scores, sweep, data))
    }
    scoreTest = ChiSquaredTest(of: found.start.gradient, covariance: found.start.information)
    robustScoreTest = robustScore
    waldTest = ChiSquaredTest(of: found.beta, covariance: robust ?? found.covariance)
    likelihoodRatioTest = ChiSquaredTest(
      statistic: max(0, 2 * (found.end.value - found.start.value)), degreesOfFreedom: p)

    func unscaled(_ scaled: Matrix) -> Matrix {
      var result = scaled
      for j in 0..<p {
        for i in 0..<p { result[i, j] = 0.5 * (scaled[i, j] + scaled[j, i]) / (columns.scales[i] * columns.scales[j]) }
      }
      return result
    }
    covariance = unscaled(found.covariance)
    robustCovariance = robust.map(unscaled)
    // From the scaled variances: the square of a very small or large unit may be beyond what a number holds.
    let (plain, sandwich) = (found.covariance, robust)
    coefficients = columns.kept.enumerated().map { k, column in
      Coefficient(
        name: names[column], estimate: found.beta[k] / columns.scales[k],
        standardError: plain[k, k].squareRoot() / columns.scales[k],
        robustStandardError: sandwich.map { $0[k, k].squareRoot() / columns.scales[k] })
    }
    for coefficient in coefficients where !(coefficient.estimate.isFinite && coefficient.standardError.isFinite) {
      throw .invalidInput(
        "the coefficient of '\(coefficient.name)' is beyond what a number holds; give the column in a smaller unit")
    }

    var notes: [String] = []
    for column in columns.dropped {
      notes.append(
        columns.unvarying.contains(column)
          ? "column '\(names[column])' doesn't vary within any risk set, so that nothing is compared, and was left out"
          : "column '\(names[column])' depends on those before it in every risk set and was left out")
    }
    conditionNumber = try ConditionNumber.ofColumns(withCrossProducts: found.start.information)
    if let note = ConditionNumber.note(conditionNumber, of: "the columns") { notes.append(note) }
    var ends: [String] = []
    var named: [String] = []
    for k in 0..<p {
      // The direction that moves the column most; less than a thousandth of a direction is rounding.
      let moves = found.divergences.map { $0[k] }.max { abs($0) < abs($1) } ?? 0
      if abs(moves) <= 1e-3 { continue }
      named.append(names[columns.kept[k]])
      ends.append("'\(names[columns.kept[k]])' to \(moves > 0 ? "+∞" : "−∞")")
    }
    let untold = (0..<p).filter { k in found.untold.contains { abs($0[k]) > 1e-3 } }.map { names[columns.kept[$0]] }
      .filter { !named.contains($0) }
    diverging = named + untold
    if !ends.isEmpty {
      let others = untold.isEmpty ? "" : ", and nothing tells \(untold.map { "'\($0)'" }.joined(separator: ", ")) then"
      notes.append(
        "the likelihood rises without end as \(ends.joined(separator: ", "))\(others): covariates separate the events from the "
          + "others; what is given for these is where the search stopped, not an estimate; a prior makes it finite")
    }
    self.notes = notes
  }

  /// Σ over clusters of U Uᵀ, with U a cluster's weighted sum of score residuals.
  private static func clusterProducts(_ scores: [Double], _ sweep: CoxSweep, _ data: SurvivalData) -> Matrix {
    let p = sweep.columns.count
    let sets = sweep.sets
    var product = Matrix(rows: p, columns: p)
    func add(_ u: ArraySlice<Double>) {
      let start = u.startIndex
      for j in 0..<p {
        for i in 0..<p { product[i, j] += u[start + i] * u[start + j] }
      }
    }
    guard let clusters = data.clusters else {
      var u = [Double](repeating: 0, count: p)
      for place in sets.rows.indices {
        for j in 0..<p { u[j] = sets.weights[place] * scores[place * p + j] }
        add(u[...])
      }
      return product
    }
    var positions: [Int32: Int] = [:]
    var sums: [Double] = []
    for place in sets.rows.indices {
      let cluster = clusters[Int(sets.rows[place])]
      let position: Int
      if let known = positions[cluster] {
        position = known
      } else {
        position = positions.count
        positions[cluster] = position
        sums.append(contentsOf: repeatElement(0, count: p))
      }
      for j in 0..<p { sums[position * p + j] += sets.weights[place] * scores[place * p + j] }
    }
    if p > 0 {
      for start in stride(from: 0, to: sums.count, by: p) { add(sums[start..<(start + p)]) }
    }
    return product
  }
}
