/// Why a computation has no answer.
public enum NumericsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The leading minor of this order isn't positive: for cross-products, columns are dependent.
  case notPositiveDefinite(order: Int)
  /// The matrix has no inverse: elimination met a zero pivot in this column, counted from one.
  case singular(order: Int)
  /// A LAPACK routine reported failure.
  case failed(routine: String, info: Int)
  /// A search stopped before it reached its tolerance; nothing that rests on it may be used.
  case didNotConverge(method: String, iterations: Int)
  /// The input can't be used; the text says why and what was expected.
  case invalidInput(String)

  /// What happened, and what cures it.
  public var description: String {
    switch self {
    case .notPositiveDefinite(let order):
      "the matrix isn't positive definite: its leading minor of order \(order) isn't positive; leave out a column that "
        + "depends on the others"
    case .singular(let order):
      "the matrix has no inverse: column \(order) depends on those before it; leave it out"
    case .failed(let routine, let info):
      "LAPACK's \(routine) failed with info \(info); check the input for extreme or undefined values"
    case .didNotConverge(let method, let iterations):
      "\(method) did not converge in \(iterations) iterations; rescale the input or allow more iterations"
    case .invalidInput(let text): text
    }
  }
}
