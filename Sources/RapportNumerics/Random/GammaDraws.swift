import Glibc

/// Gamma draws of one shape, made ready for many.
///
/// Source: Marsaglia & Tsang (2000), A simple method for generating gamma variables; for shapes below one,
/// Γ(a) = Γ(a + 1) U^(1/a).
public struct GammaDraws: Sendable {
  /// a.
  public let shape: Double
  /// Of a, or of a + 1 where a is below one.
  private let d: Double
  private let c: Double
  private let logD: Double

  /// - Parameter shape: above 0
  public init(shape: Double) {
    precondition(shape > 0, "shape is \(shape), expected above 0")
    self.shape = shape
    d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
    c = 1 / (9 * d).squareRoot()
    logD = Glibc.log(d)
  }

  /// Whether a draw is ``value(_:)`` by itself; a smaller shape's may round to zero.
  var isPlain: Bool { shape >= 1 }

  /// v of a draw d v with a shape of at least one.
  @inline(__always) private func factor(_ stream: inout RandomStream) -> Double {
    while true {
      let x = stream.normal()
      let root = 1 + c * x
      if root <= 0 { continue }
      let v = root * root * root
      let u = stream.uniform()
      let squared = x * x
      // This implies what follows and takes no logarithm; of a hundred draws it keeps 98 and more.
      if u < 1 - 0.0331 * squared * squared { return v }
      if Glibc.log(u) < 0.5 * squared + d - d * v + d * Glibc.log(v) { return v }
    }
  }

  /// A draw with rate one, of a shape of at least one.
  @inline(__always) func value(_ stream: inout RandomStream) -> Double { d * factor(&stream) }

  /// The logarithm of a draw with rate one: finite where the draw itself would round to zero.
  public func log(_ stream: inout RandomStream) -> Double {
    let result = logD + Glibc.log(factor(&stream))
    return isPlain ? result : result + Glibc.log(stream.uniform()) / shape
  }

  /// A draw with this rate.
  public func draw(_ stream: inout RandomStream, rate: Double = 1) -> Double {
    (isPlain ? value(&stream) : exp(log(&stream))) / rate
  }
}

/// Beta draws of one pair of shapes, made ready for many: X/(X + Y) of two gammas.
public struct BetaDraws: Sendable {
  private let first: GammaDraws
  private let second: GammaDraws

  /// - Parameters: both above 0
  public init(_ a: Double, _ b: Double) { (first, second) = (GammaDraws(shape: a), GammaDraws(shape: b)) }

  /// A draw, strictly between 0 and 1 as far as doubles reach.
  public func draw(_ stream: inout RandomStream) -> Double {
    if first.isPlain && second.isPlain {
      let y = second.value(&stream)
      return 1 / (1 + y / first.value(&stream))
    }
    let y = second.log(&stream)
    return 1 / (1 + exp(y - first.log(&stream)))
  }
}
