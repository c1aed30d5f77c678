import Glibc

/// What one chooser's sets say: effects of units and columns, with what they are worth.
public struct ChooserFit: Sendable {
  /// Effects of units on η, up to a common constant.
  public internal(set) var units: [Double]
  /// Effects of columns.
  public internal(set) var columns: [Double]
  /// Variances of the units' effects that give those of all differences (``QuasiVariances``).
  public internal(set) var unitVariances: [Double]
  /// The curvature of the log likelihood along each unit's effect, the others' level held, which errors by likelihood are
  /// taken against; empty where units are too many.
  public internal(set) var unitCurvatures: [Double] = []
  /// Covariance of the columns' effects.
  public internal(set) var columnCovariance: Matrix
  /// The log likelihood at these effects, without the prior.
  public internal(set) var logLikelihood: Double
  /// The chance that each pick followed the model rather than being a lapse, by set; empty where all did.
  public internal(set) var regularities: [Double] = []
  /// How it was found; nothing may rest on a fit that didn't converge.
  public internal(set) var record: SearchRecord
  /// P of what was picked, by set.
  var pickedProbabilities: [Double]
  /// The columns' information once units are eliminated, without the prior on columns.
  var columnInformation: Matrix
  /// That times the columns' effects, plus the slope that the prior on columns holds in balance.
  var columnEvidence: [Double]
  /// How far units' effects fall when columns' effects rise, units × columns.
  var unitShifts: Matrix
}

/// A normal prior for the columns of one chooser.
struct ColumnPrior: Sendable {
  var means: [Double]
  var variances: [Double]
}

extension ChooserFit {
  /// The smallest share of picks that follow no rule at all.
  static let smallestLapse = 0.001
  /// Rounds at most in which lapses are told from picks by the model; seldom more than ten are needed, up to 14 were seen.
  static let mostRounds = 100
  /// A smaller change of a pick's chance of having followed the model is none. A hundredth takes more passes, and effects of 3,000
  /// simulated pairs were no nearer to the planted ones (root mean square of the difference 0.149, against 0.148).
  private static let smallestChange = 0.1

  /// What the last step of a part's search may gain, in log likelihood: some twentieth of an error, where all sets end twenty
  /// of their errors away.
  static let leading = 1e-3

  /// The fit, with picks that contradict everything else set aside.
  ///
  ///     P(i) = (1 − ε) P(i | model) + ε / n        n open requests
  ///
  /// Someone who works by a strict rule still breaks it at times, or the log misses why. Such a pick has next to no chance
  /// under the model, and would alone give its unit a large effect. Each pick's chance of having followed the model
  /// weighs it, found in turn with the effects until no weight changes by a tenth; where no pick is in doubt nothing changes. A
  /// fit whose weights don't settle hasn't converged. Source: Dempster, Laird & Rubin
  /// (1977); lapses as in Wichmann & Hill (2001), The psychometric function.
  ///
  /// - Parameter start: where the search begins, with the chances of having followed the model if they are known. Without one it
  ///   begins where a part of the sets ends, if there are enough for that.
  /// - Parameters:
  ///   - startsNear: whether that is near the end, as far as is known
  ///   - passing: what a last step may gain, in log likelihood, where the fit only leads to another
  ///   - tellsColumns: whether something rests on what such a fit says that columns are worth: all sets tell it then
  static func fit(
    _ sets: ChoiceSets, prior: ColumnPrior, unitVariance: Double,
    start: (units: [Double], columns: [Double], regularities: [Double])?,
    startsNear: Bool = false, passing: Double? = nil, tellsColumns: Bool = false, setsLapsesAside: Bool = true,
    mostRounds: Int = Self.mostRounds
  ) -> ChooserFit {
    var start = start
    if start == nil, let step = sets.partStep {
      let part = Self.fit(
        sets.every(step), prior: prior, unitVariance: unitVariance, start: nil,
        passing: Self.leading, setsLapsesAside: setsLapsesAside, mostRounds: mostRounds)
      start = (part.units, part.columns, [])
    }
    var lapse = 0.01
    var weights = start?.regularities ?? []
    if let start, weights.isEmpty, setsLapsesAside {
      weights = regularities(sets, sets.pickedProbabilities(units: start.units, columns: start.columns), &lapse)
      if !weights.contains(where: { $0 < 1 - smallestChange }) { weights = [] }
    }
    var end: ChoiceSearch.End?
    var fit = newton(
      sets, prior: prior, unitVariance: unitVariance, weights: weights, start: start.map { ($0.units, $0.columns) },
      startsNear: startsNear, passing: passing, &end)
    var round = 0
    while setsLapsesAside {
      let next = regularities(sets, fit.pickedProbabilities, &lapse)
      let change = next.indices.reduce(0.0) { max($0, abs(next[$1] - (weights.isEmpty ? 1 : weights[$1]))) }
      if change < smallestChange { break }
      if round == mostRounds {
        fit.record.stop = .evaluations
        break
      }
      weights = next
      fit = newton(
        sets, prior: prior, unitVariance: unitVariance, weights: weights, start: (fit.units, fit.columns),
        passing: passing, &end)
      round += 1
    }
    if tellsColumns, var whole = end, !whole.curvature.isFinal {
      whole.curvature = ChoiceSearch(sets: sets, prior: prior, unitVariance: unitVariance, weights: weights)
        .curvature(at: whole)
      whole.record = fit.record
      fit = ChooserFit(whole, prior: prior)
    }
    fit.regularities = setsLapsesAside ? weights : []
    return fit
  }

  /// Each pick's chance of having followed the model, and the share of those that didn't.
  private static func regularities(_ sets: ChoiceSets, _ picked: [Double], _ lapse: inout Double) -> [Double] {
    // 1/(1 + odds c), c = 1/(n p): one division a round.
    let inverses = picked.indices.map { set in 1 / (Double(sets.starts[set + 1] - sets.starts[set]) * picked[set]) }
    var odds = 0.0
    for _ in 0..<50 {
      odds = lapse / (1 - lapse)
      var sum = 0.0
      for inverse in inverses { sum += 1 - 1 / (1 + odds * inverse) }
      let next = max(smallestLapse, min(0.2, sum / Double(sets.count)))
      if abs(next - lapse) < 1e-5 { break }
      lapse = next
    }
    return inverses.map { 1 / (1 + odds * $0) }
  }

  /// - Parameter end: of a search near the start, whose curvature is known then; and then of this.
  private static func newton(
    _ sets: ChoiceSets, prior: ColumnPrior, unitVariance: Double, weights: [Double],
    start: (units: [Double], columns: [Double])?, startsNear: Bool = false, passing: Double?,
    _ end: inout ChoiceSearch.End?
  ) -> ChooserFit {
    if sets.unitCount > Self.largestDense {
      return fitLarge(sets, prior: prior, unitVariance: unitVariance, weights: weights, start: start)
    }
    let (units, columns) = start ?? ([Double](repeating: 0, count: sets.unitCount), prior.means)
    let found = ChoiceSearch(
      sets: sets, prior: prior, unitVariance: unitVariance, weights: weights, passing: passing
    ).climb(units, columns, startsNear: startsNear, known: end?.curvature)
    end = found
    return ChooserFit(found, prior: prior)
  }

  /// What the end of a search says.
  private init(_ end: ChoiceSearch.End, prior: ColumnPrior) {
    let arrow = end.curvature.arrow
    let information = arrow.columnInformation(prior)
    let pull = end.columns.indices.map { (end.columns[$0] - prior.means[$0]) / prior.variances[$0] }
    let covariance = arrow.unitCovariance()
    let unitVariances = QuasiVariances.fit(covariance).values
    self.init(
      units: end.units, columns: end.columns, unitVariances: unitVariances,
      unitCurvatures: ChoiceProfile.curvatures(covariance, unitVariances),
      columnCovariance: arrow.columnCovariance, logLikelihood: end.slopes.logLikelihood, record: end.record,
      pickedProbabilities: end.slopes.picked, columnInformation: information,
      columnEvidence: zip(information * end.columns, pull).map { $0 + $1 }, unitShifts: arrow.reduced)
  }

  /// More units than this at one chooser: conjugate gradients instead of a dense block.
  static let largestDense = 2000
}

/// The negative Hessian of a penalized choice likelihood, factored.
///
///     [ A  Bᵀ ]        A units × units, D columns × columns; S = D − B A⁻¹ Bᵀ
///     [ B  D  ]
struct Arrow {
  private let factor: Cholesky
  /// A⁻¹ Bᵀ, units × columns.
  let reduced: Matrix
  private let border: Matrix
  private let schur: Matrix
  private let schurFactor: Cholesky

  /// A prior keeps both blocks positive definite.
  init(_ derivatives: ChoiceDerivatives, prior: ColumnPrior, unitVariance: Double) {
    var a = derivatives.unitBlock
    for i in 0..<a.rows { a[i, i] += 1 / unitVariance }
    border = derivatives.border
    factor = Self.factored(a)
    let columns = border.rows
    var transposed = Matrix(rows: a.rows, columns: columns)
    for i in 0..<a.rows { for j in 0..<columns { transposed[i, j] = border[j, i] } }
    reduced = columns == 0 ? transposed : factor.solve(transposed)
    var s = derivatives.columnBlock
    s.mirrorLowerTriangle()
    for j in 0..<columns { s[j, j] += 1 / prior.variances[j] }
    if columns > 0 { s.add(border, times: reduced, scale: -1) }
    for j in 0..<columns { for i in 0..<j { s[i, j] = s[j, i] } }
    schur = s
    schurFactor = Self.factored(s)
  }

  /// Rounding can leave a pivot of a nearly flat direction below zero; a relative ridge then stands in for it.
  private static func factored(_ matrix: Matrix) -> Cholesky {
    var ridge = 0.0
    while true {
      var damped = matrix
      if ridge > 0 { for i in 0..<matrix.rows { damped[i, i] *= 1 + ridge } }
      if let factor = try? Cholesky(damped) { return factor }
      precondition(ridge < 1, "a block of a concave likelihood isn't positive definite")
      ridge = ridge == 0 ? 1e-12 : ridge * 100
    }
  }

  /// H⁻¹ (units, columns).
  func solve(_ units: [Double], _ columns: [Double]) -> (units: [Double], columns: [Double]) {
    let own = factor.solve(units)
    guard !columns.isEmpty else { return (own, []) }
    let columnStep = schurFactor.solve(zip(columns, border * own).map { $0 - $1 })
    return (zip(own, reduced * columnStep).map { $0 - $1 }, columnStep)
  }

  /// The same of both in a row.
  func solve(_ right: [Double]) -> [Double] {
    let (units, columns) = solve(Array(right[..<border.columns]), Array(right[border.columns...]))
    return units + columns
  }

  var columnCovariance: Matrix { schur.rows == 0 ? schur : schurFactor.inverse }

  /// S without what the prior adds.
  func columnInformation(_ prior: ColumnPrior) -> Matrix {
    var s = schur
    for j in 0..<s.rows { s[j, j] -= 1 / prior.variances[j] }
    return s
  }

  /// A⁻¹ + (A⁻¹ Bᵀ) S⁻¹ (A⁻¹ Bᵀ)ᵀ.
  func unitCovariance() -> Matrix {
    var result = factor.inverse
    guard schur.rows > 0 else { return result }
    let half = reduced * schurFactor.inverse
    result = result + half.timesTransposed(reduced)
    return result
  }
}
