/// What is varied of how health is put together, and how far: what could be defended as well as what is configured.
///
/// Source: Saisana, Saltelli & Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools for the quality
/// assessment of composite indicators; METHODS.md §9.
public struct MethodSettings: Codable, Sendable, Equatable {
  /// A domain's weight is multiplied by what lies between 1/this and this, evenly by ratio; then weights add to 1 again.
  public var weightFactor = 2.0
  /// Domains combine by a power mean whose exponent lies at most this far from 0, the geometric mean: 1 reaches from the
  /// harmonic mean (−1) to the arithmetic (1).
  public var exponentReach = 1.0
  /// Whether indicators combine inside domains by their geometric mean half of the time, and not only by the arithmetic.
  public var variesWithin = true
  /// A goalpost moves by at most this share of the distance between an indicator's two, within what the indicator can be.
  public var goalpostShare = 0.1

  public init() {}

  /// Nothing varies: health as configured.
  static let nothing: MethodSettings = {
    var settings = MethodSettings()
    settings.weightFactor = 1
    settings.exponentReach = 0
    settings.variesWithin = false
    settings.goalpostShare = 0
    return settings
  }()
}

/// A choice in how health is put together.
public enum MethodFactor: String, Codable, Sendable, CaseIterable {
  /// Of domains.
  case weights
  /// How domains combine.
  case aggregationAcross
  /// How indicators combine inside domains.
  case aggregationWithin
  /// Where points begin and end.
  case goalposts
}
