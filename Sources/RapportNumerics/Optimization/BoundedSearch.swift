internal import CNLopt

/// The smallest value of a smooth function within bounds, by NLopt.
///
///     let search = BoundedSearch(method: .bobyqa, lower: [0], upper: [.infinity])
///     let minimum = try search.minimize(from: [1]) { x, _ in objective(x[0]) }
///
/// BOBYQA needs values only (Powell 2009), L-BFGS needs gradients (Liu & Nocedal 1989). Both find a local minimum; start
/// from several points where there may be more.
public struct BoundedSearch: Sendable {
  /// How to search.
  public enum Method: String, Sendable {
    /// Quadratic models through values; 2 … 50 dimensions do well. In one dimension use ``BrentMinimum``.
    case bobyqa = "BOBYQA"
    /// Limited-memory quasi-Newton steps with gradients.
    case lbfgs = "L-BFGS"
  }

  /// How to search.
  public var method: Method
  /// The lowest allowed point; entries may be −∞.
  public var lower: [Double]
  /// The highest allowed point; entries may be ∞.
  public var upper: [Double]
  /// It stops when a step changes the point by less than this, relatively.
  public var relativeTolerance = 1e-9
  /// It stops when a step changes the point by less than this.
  public var absoluteTolerance = 1e-12
  /// It stops when the value changes by less than this, relatively; zero leaves it out.
  public var valueTolerance = 0.0
  /// The first step's size, one entry for each dimension; `nil` lets NLopt choose from start and bounds.
  public var initialStep: [Double]?
  /// It gives up after so many evaluations.
  public var maximumEvaluations = 20_000

  /// A search within these bounds.
  public init(method: Method, lower: [Double], upper: [Double]) {
    precondition(lower.count == upper.count, "\(lower.count) lower and \(upper.count) upper bounds")
    self.method = method
    self.lower = lower
    self.upper = upper
  }

  /// The local minimum that is reached from `start`.
  ///
  /// - Parameters:
  ///   - start: moved to the nearest point within the bounds.
  ///   - objective: the value at a point; where the second argument is there, it also fills in the gradient. An
  ///     undefined value counts as +∞.
  /// - Throws: ``NumericsError/invalidInput(_:)`` when the objective isn't finite at the start. A search that stops
  ///   early returns what it has, and its record says so.
  public func minimize(
    from start: [Double], _ objective: (_ point: [Double], _ gradient: inout [Double]?) -> Double
  ) throws(NumericsError) -> Minimum {
    precondition(start.count == lower.count, "start has \(start.count) entries, expected \(lower.count)")
    let begin = zip(start, zip(lower, upper)).map { $0.clamped(to: $1.0...$1.1) }
    var firstGradient: [Double]?
    let first = objective(begin, &firstGradient)
    guard first.isFinite else {
      throw .invalidInput("the objective is \(first) at the start \(begin); start where it is finite")
    }
    if begin.isEmpty {
      return Minimum(
        point: [], value: first,
        record: SearchRecord(method: method.rawValue, stop: .tolerance, evaluations: 1, iterations: 0))
    }
    return withoutActuallyEscaping(objective) { objective in
      let state = State(objective: objective, point: begin, value: first)
      let search = nlopt_create(method == .bobyqa ? NLOPT_LN_BOBYQA : NLOPT_LD_LBFGS, UInt32(begin.count))!
      defer { nlopt_destroy(search) }
      nlopt_set_lower_bounds(search, lower)
      nlopt_set_upper_bounds(search, upper)
      nlopt_set_xtol_rel(search, relativeTolerance)
      nlopt_set_xtol_abs1(search, absoluteTolerance)
      if valueTolerance > 0 { nlopt_set_ftol_rel(search, valueTolerance) }
      nlopt_set_maxeval(search, Int32(clamping: maximumEvaluations))
      if let initialStep { nlopt_set_initial_step(search, initialStep) }
      nlopt_set_min_objective(search, BoundedSearch.callback, Unmanaged.passUnretained(state).toOpaque())
      var point = begin
      var value = 0.0
      let result = nlopt_optimize(search, &point, &value)
      let stop: SearchRecord.Stop =
        switch result.rawValue {
        case 1...4: .tolerance
        case NLOPT_MAXEVAL_REACHED.rawValue: .evaluations
        case NLOPT_ROUNDOFF_LIMITED.rawValue: .rounding
        // L-BFGS reports failure when its line search can't improve, as happens at the minimum itself.
        case NLOPT_FAILURE.rawValue where method == .lbfgs: .rounding
        default: .failure
        }
      // The best point seen, which after an early stop needn't be the last.
      return Minimum(
        point: state.point, value: state.value,
        record: SearchRecord(
          method: method.rawValue, stop: stop, evaluations: state.evaluations, gradientNorm: state.gradientNorm,
          iterations: state.evaluations))
    }
  }

  private final class State {
    let objective: ([Double], inout [Double]?) -> Double
    var point: [Double]
    var value: Double
    var gradientNorm: Double?
    var evaluations = 0

    init(objective: @escaping ([Double], inout [Double]?) -> Double, point: [Double], value: Double) {
      self.objective = objective
      self.point = point
      self.value = value
    }
  }

  private static let callback:
    @convention(c) (
      UInt32, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, UnsafeMutableRawPointer?
    ) -> Double = { count, x, gradientOut, context in
      let state = Unmanaged<State>.fromOpaque(context!).takeUnretainedValue()
      let point = Array(UnsafeBufferPointer(start: x, count: Int(count)))
      var gradient: [Double]? = gradientOut == nil ? nil : [Double](repeating: 0, count: Int(count))
      state.evaluations += 1
      let value = state.objective(point, &gradient)
      if let gradientOut, let gradient {
        for index in gradient.indices { gradientOut[index] = gradient[index] }
      }
      if value.isNaN { return 1e300 }
      if value <= state.value {
        state.value = value
        state.point = point
        state.gradientNorm = gradient.map { $0.reduce(0) { max($0, abs($1)) } }
      }
      return min(value, 1e300)
    }
}
