import RapportNumerics

/// How far ranks hang on how health is put together, from where each unit is believed to stand between the goalposts or
/// beyond them: no draw is repeated.
///
///     shift = mean_i |rank_i − rank_i as configured|
///
/// Indices are of this shift, of each unit's rank, and of all ranks together:
///
///     S_j = Σ_i Var E(rank_i | x_j) / Σ_i Var rank_i        T_j likewise
///
/// Source: Saisana, Saltelli & Tarantola (2005), equation 5 for the shift; Lamboni, Monod & Makowski (2011), Multivariate
/// sensitivity analysis to measure global contribution of input factors in dynamic models, for ranks together.
struct MethodUncertainty: Sendable {
  private let design: MethodDesign
  /// Unit by unit, positions between the fixed goalposts.
  private let positions: [Double]
  private let unitCount: Int
  private let indicatorCount: Int

  /// More units than these say little more about the way; every so many of them is taken.
  static let mostUnits = 1000
  private static let batches = 8
  private static let batchPoints = 32

  /// - Parameter positions: by unit, then indicator: between the fixed goalposts, 0 … 1, and beyond them outside.
  init(_ composite: Composite, positions: [[Double]], settings: MethodSettings) {
    design = MethodDesign(composite, settings)
    unitCount = positions.count
    indicatorCount = composite.indicators.count
    self.positions = positions.flatMap { $0 }
  }

  /// Ranks of all units, 1 the highest, put together this way; equal values share theirs.
  func ranks(_ method: MethodPoint) -> [Double] {
    let values = (0..<unitCount).map { unit -> Double? in
      design.composite.health(
        positions: positions[(unit * indicatorCount)..<((unit + 1) * indicatorCount)], method)
    }
    return SharedRanks.of(values).map { $0 ?? 0 }
  }

  /// Ranks as configured.
  private var configured: [Double] {
    let design = MethodDesign(design.composite, .nothing)
    return ranks(design.point([Double](repeating: 0.5, count: design.inputCount)))
  }

  /// The study over all units.
  ///
  /// - Parameter managers: how many there are, of whom the units are some; shifts are in places among all.
  /// - Returns: also the indices of each unit's rank, by factor.
  func study(managers: Int, seed: UInt64, threads: Int) -> (study: MethodStudy, units: [SensitivityIndices])? {
    var method = SobolSensitivity()
    (method.batches, method.batchPoints) = (Self.batches, Self.batchPoints)
    (method.seed, method.threads) = (seed, threads)
    let configured = configured
    let found = try? method.indices(inputs: design.inputCount, groups: design.groups) { u in
      let ranks = ranks(design.point(u))
      var shift = 0.0
      for unit in ranks.indices { shift += abs(ranks[unit] - configured[unit]) }
      return [shift / Double(ranks.count)] + ranks
    }
    guard let found, let shift = found.first else { return nil }
    let units = Array(found.dropFirst())
    let together = SensitivityIndices.together(units)
    let factors = MethodFactor.allCases.enumerated().map { j, factor in
      MethodStudy.Factor(
        name: factor, firstOrder: shift.first?[j].share, firstOrderError: shift.first?[j].standardError,
        total: shift.total?[j].share, totalError: shift.total?[j].standardError,
        ranksFirstOrder: together.first?[j].share, ranksFirstOrderError: together.first?[j].standardError,
        ranksTotal: together.total?[j].share, ranksTotalError: together.total?[j].standardError)
    }
    let study = MethodStudy(
      varied: design.settings, meanRankShift: shift.mean * Double(managers) / Double(unitCount), factors: factors,
      managers: unitCount, points: Self.batches * Self.batchPoints)
    return (study, units)
  }
}
