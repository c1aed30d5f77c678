/// A number with its uncertainty, or the reason why there is none.
public enum Score: Sendable, Equatable {
  /// A value with its interval and the amount of evidence behind it.
  case estimated(Estimate)
  /// Too little evidence: `n` of the `needed`.
  case insufficient(n: Int, needed: Int)
  /// Not shown, and why.
  case suppressed(reason: String)

  /// The estimate, where there is one.
  public var estimate: Estimate? {
    if case .estimated(let estimate) = self { estimate } else { nil }
  }
}

/// A value, its interval (90 % unless configured), and its effective number of observations.
public struct Estimate: Sendable, Equatable, Codable {
  public var value: Double
  public var low: Double
  public var high: Double
  public var effectiveN: Double
  public init(value: Double, low: Double, high: Double, effectiveN: Double) {
    self.value = value
    self.low = low
    self.high = high
    self.effectiveN = effectiveN
  }
}

extension Score: Codable {
  enum CodingKeys: String, CodingKey { case status, n, needed, reason }
  enum Status: String, Codable { case estimated, insufficient, suppressed }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Status.self, forKey: .status) {
    case .estimated:
      self = .estimated(try Estimate(from: decoder))
    case .insufficient:
      self = .insufficient(
        n: try container.decode(Int.self, forKey: .n), needed: try container.decode(Int.self, forKey: .needed))
    case .suppressed:
      self = .suppressed(reason: try container.decode(String.self, forKey: .reason))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .estimated(let estimate):
      try container.encode(Status.estimated.rawValue, forKey: .status)
      try estimate.encode(to: encoder)
    case .insufficient(let n, let needed):
      try container.encode(Status.insufficient.rawValue, forKey: .status)
      try container.encode(n, forKey: .n)
      try container.encode(needed, forKey: .needed)
    case .suppressed(let reason):
      try container.encode(Status.suppressed.rawValue, forKey: .status)
      try container.encode(reason, forKey: .reason)
    }
  }
}
