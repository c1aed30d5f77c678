/// Cox's model with random effects: levels of a group share a log hazard of their own.
///
///     λ(t | x, level) = λ₀ₛ(t) exp(x'β + Σ_g u_g)        u_g ~ N(0, v_g), or e^u ~ Gamma(mean 1, variance v)
///
/// For given variances, β and u maximise the penalised partial likelihood; the variances maximise what is left when u is
/// integrated out: by Laplace's approximation for normal effects, exactly for gamma ones.
///
///     normal    ℓ(β, u) − Σ u²/(2v) − ½ log det(I + D H D)        D = diag √v, H = −∂²ℓ/∂u∂u'
///     gamma     ℓ(β, u) − ν Σ (e^u − 1 − u) + Σ_i [d_i − (ν + d_i) log(ν + d_i) + ν log ν + log Γ(ν + d_i)/Γ(ν)]
///
/// with ν = 1/v and d_i the events of level i.
///
/// Source: Ripatti & Palmgren (2000), as R's `coxme`; Therneau, Grambsch & Pankratz (2003), as `survival::frailty`.
public struct CoxFrailtyModel: Sendable {
  /// How effects are distributed.
  public enum Distribution: String, Sendable, Codable {
    /// Log hazards are normal.
    case normal
    /// Hazards are gamma; one group only.
    case gamma
  }

  /// Ties, prior and steps for the coefficients; ties can't be exact.
  public var cox = CoxModel()
  /// Normal, because several groups can be combined.
  public var distribution = Distribution.normal
  /// One for each group, where they are known; `nil`: estimated.
  public var variances: [Double]?

  /// A model with the usual settings.
  public init() {}

  /// Fits coefficients, effects and variances.
  ///
  /// - Parameters:
  ///   - design: one row per row of data, without an intercept.
  ///   - groups: one code per row of data.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for data that can't be used or coefficients that run to infinity;
  ///   ``NumericsError/didNotConverge(method:iterations:)``.
  /// - Complexity: for one group about 20 variances are tried, for several about 50, at O(rows · levels + rows · columns² +
  ///   (levels + columns)³) each: the information is made and factored once or twice. Memory for some five matrices of
  ///   levels + columns rows.
  public func fit(
    _ data: SurvivalData, design: DesignMatrix, groups: [Grouping], threads: Int = 1
  ) throws(NumericsError) -> CoxFrailtyFit {
    guard cox.ties != .exact else {
      throw .invalidInput("random effects need Efron's or Breslow's ties, not exact ones")
    }
    guard !groups.isEmpty else { throw .invalidInput("no group for the random effects; fit a plain Cox model") }
    guard distribution == .normal || groups.count == 1 else {
      throw .invalidInput("gamma effects allow one group, not \(groups.count); use normal ones")
    }
    for group in groups {
      guard group.codes.count == data.count, group.codes.allSatisfy({ $0 >= 0 && $0 < group.levelCount }) else {
        throw .invalidInput(
          "group '\(group.name)' needs \(data.count) codes from 0 to \(group.levelCount - 1), one per row of data")
      }
    }
    if let variances, variances.count != groups.count || !variances.allSatisfy({ $0 >= 0 && $0.isFinite }) {
      throw .invalidInput("\(variances) as variances of \(groups.count) groups; expected one each, 0 or more")
    }
    let levels = groups.reduce(0) { $0 + $1.levelCount }
    guard levels + design.names.count <= MixedModelSystem.largestDense else {
      throw .invalidInput(
        "\(levels) levels and \(design.names.count) columns have to be factored densely, which is more than "
          + "\(MixedModelSystem.largestDense); pool rare levels or stratify instead")
    }
    let plain = try cox.fit(data, design: design, threads: threads)
    guard plain.diverging.isEmpty else {
      throw .invalidInput(
        "the coefficients of \(plain.diverging.joined(separator: ", ")) run to infinity; leave them out or use a prior")
    }
    let objective = CoxFrailtyObjective(
      sweep: CoxFrailtySweep(plain.sweep, groups), distribution: distribution, model: cox)
    let search = try CoxFrailtySearch(objective: objective, plain: plain, variances: variances).run()
    return try CoxFrailtyFit(self, plain, groups, objective, search)
  }
}
