extension FactorStudy {
  /// How far the study supports one health number.
  public enum Support: Sendable {
    /// There is no study, no proper solution, or nothing that could contradict it.
    case unknown
    case no, partly, yes
  }

  /// How far the study supports one health number; what `answerInWords()` says.
  ///
  /// One number stands for the indicators where a general factor explains at least 70 % of a plain sum's variance (ω_h)
  /// and 60 % of the common variance. Source: Reise, Scheines, Widaman & Haviland (2013), Educational and Psychological
  /// Measurement 73, 5–26.
  public var support: Support {
    guard status == .estimated else { return .unknown }
    guard factors > 0, omega != nil else { return .no }
    if heywood || isSaturated { return .unknown }
    guard let general, let share = explainedCommonVariance else { return .no }
    if general >= 0.7 && share >= 0.6 { return .yes }
    return general >= 0.5 ? .partly : .no
  }

  /// Whether any correlations would fit: three indicators have one factor exactly, whatever they are.
  private var isSaturated: Bool { degreesOfFreedom.map { $0 <= 0 } ?? false }

  /// The share of a plain sum's variance that a general factor explains; `nil` where there is none.
  private var general: Double? { omega.flatMap { $0.hierarchical ?? (factors == 1 ? $0.total : nil) } }

  /// Whether one health number is justified, in words.
  func answerInWords() -> String {
    guard status == .estimated else {
      return "Whether one health number is justified can't be said: \(reason ?? "there is no study.")"
    }
    let indicators = "\(variables.count) indicators of \(observations.grouped) managers"
    guard factors > 0, omega != nil else {
      return "One underlying health is not supported: \(indicators) have no more in common than chance. Read the "
        + "domains; the health number is an agreed sum, not a trait."
    }
    if heywood {
      return "Whether one health number is justified can't be said: \(indicators) allow no proper factor solution."
    }
    if isSaturated {
      return "Whether one health number is justified can't be said: so few indicators (\(variables.count)) have "
        + "\(Self.counted(factors)) in common whatever their correlations are, so that nothing could speak against it."
    }
    guard let general, let share = explainedCommonVariance else {
      return "One underlying health is not supported: \(indicators) form \(factors) factors without a general one "
        + "above them. Read the domains; the health number is an agreed sum, not a trait."
    }
    let figures =
      factors == 1
      ? "a single factor explains \(Self.percent(general)) of the variance of a plain sum of \(indicators)"
      : "managers who do well on one indicator tend to do well on others, which makes up \(Self.percent(share)) of what \(indicators) "
        + "have in common (a general factor, with \(Self.percent(general)) of the variance of their plain sum)"
    switch support {
    case .yes: return "Yes, one health number is justified: \(figures)."
    case .partly: return "Partly: \(figures). The health number is usable as a summary; read the domains beside it."
    case .no, .unknown:
      return
        "One underlying health is not supported: \(figures). Read the domains; the health number is an agreed sum, not "
        + "a trait."
    }
  }

  private static func counted(_ factors: Int) -> String { factors == 1 ? "one factor" : "\(factors) factors" }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
