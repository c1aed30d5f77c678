/// What a search did: enough to decide whether its answer may be used.
public struct SearchRecord: Sendable, Equatable, Codable {
  /// Why it stopped.
  public enum Stop: String, Sendable, Codable {
    /// Steps or values changed by less than the tolerance.
    case tolerance
    /// The gradient at the answer is below its tolerance.
    case gradient
    /// Rounding left nothing to improve, short of the tolerance.
    case rounding
    /// The allowed evaluations were used up.
    case evaluations
    /// The objective was undefined, or the method failed.
    case failure
  }

  /// The method's name, such as "BOBYQA".
  public var method: String
  /// Why it stopped.
  public var stop: Stop
  /// How often the objective was computed.
  public var evaluations: Int
  /// The largest absolute entry of the gradient at the answer, where the method knows it.
  public var gradientNorm: Double?
  /// Steps of the search, where the method counts them.
  public var iterations: Int?

  /// Whether the answer is a minimum, as far as the method can tell.
  public var converged: Bool { stop == .tolerance || stop == .gradient || stop == .rounding }

  /// A record of a search.
  public init(
    method: String, stop: Stop, evaluations: Int, gradientNorm: Double? = nil, iterations: Int? = nil
  ) {
    self.method = method
    self.stop = stop
    self.evaluations = evaluations
    self.gradientNorm = gradientNorm
    self.iterations = iterations
  }
}

/// Where a search ended.
public struct Minimum: Sendable, Equatable {
  /// The point.
  public var point: [Double]
  /// The objective there.
  public var value: Double
  /// How it was found.
  public var record: SearchRecord

  /// The end of a search.
  public init(point: [Double], value: Double, record: SearchRecord) {
    self.point = point
    self.value = value
    self.record = record
  }
}
