/// Why a computation has no answer.
public enum NumericsError: Error, Sendable, Equatable {
  /// The leading minor of this order isn't positive: for cross-products, columns are dependent.
  case notPositiveDefinite(order: Int)
  /// A LAPACK routine reported failure.
  case failed(routine: String, info: Int)
  /// The input can't be used; the text says why and what was expected.
  case invalidInput(String)
}
