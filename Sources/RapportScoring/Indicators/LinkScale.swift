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
    case .logVariance: Self.factor(variance: exp(x))
    }
  }

  /// Points of the value at `x`; logarithms that would undo each other are left out.
  @inline(__always) func points(_ x: Double, _ goalposts: Goalposts.Scale) -> Double {
    Goalposts.points(position: position(x, goalposts))
  }

  /// Where the value at `x` stands between the goalposts.
  @inline(__always) func position(_ x: Double, _ goalposts: Goalposts.Scale) -> Double {
    switch self {
    case .logarithm: goalposts.position(logValue: x)
    case .logVariance: goalposts.position(logValue: exp(x / 2))
    default: goalposts.position(value(x))
    }
  }

  /// exp of the root of a variance, at most e⁷⁰⁰: limits of a variance known from one or two cases lie beyond all doubles.
  @inline(__always) static func factor(variance: Double) -> Double { exp(min(variance.squareRoot(), 700)) }
}
