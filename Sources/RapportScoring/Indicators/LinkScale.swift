import Glibc

/// A scale on which posteriors are close to normal, and the way back to the indicator's unit.
enum LinkScale: Sendable {
  /// Of a share.
  case logit
  /// Of the share behind a balance.
  case balance
  /// Of a rate, time or ratio.
  case logarithm
  /// Of a mean.
  case identity
  /// Of a variance on the log scale; the value is exp of its root.
  case logVariance

  /// The value in the indicator's unit that stands at `x`.
  @inline(__always) func value(_ x: Double) -> Double {
    switch self {
    case .logit: 1 / (1 + exp(-x))
    case .balance: 1 - abs(2 / (1 + exp(-x)) - 1)
    case .logarithm: exp(x)
    case .identity: x
    case .logVariance: exp(exp(x / 2))
    }
  }

  /// Points of the value at `x`; logarithms that would undo each other are left out.
  @inline(__always) func points(_ x: Double, _ goalposts: Goalposts.Scale) -> Double {
    switch self {
    case .logarithm: goalposts.points(logValue: x)
    case .logVariance: goalposts.points(logValue: exp(x / 2))
    default: goalposts.points(value(x))
    }
  }

  /// Whether a larger x is always a larger value.
  var isMonotone: Bool { self != .balance }
}
