import Glibc
import RapportNumerics

extension Posterior {
  /// The standard family behind one that has a link scale and isn't normal: link = offset + sign · x.
  private var standard: (family: LinkFamily, sign: Double, offset: Double)? {
    switch self {
    case .beta(let a, let b), .balance(let a, let b): (.share(a: a, b: b), 1, 0)
    case .gamma(let shape, let rate): (.rate(shape: shape), 1, -log(rate))
    case .spread(let scale, let degrees): (.rate(shape: degrees / 2), -1, log(scale * degrees / 2))
    case .normal, .logNormal, .evenness: nil
    }
  }

  /// What stands at the normal score `score`, on the link scale; `nil` where the family has none.
  ///
  ///     x = link(Q(Φ(score)))        Q the family's quantile function; of a balance, that of the share behind it
  func link(score: Double) -> Double? {
    switch self {
    case .normal(let mean, let deviation), .logNormal(let mean, let deviation): mean + deviation * score
    default: standard.map { $0.offset + $0.sign * $0.family.quantile(score: $0.sign * score) }
    }
  }

  /// The normal score at which `link` stands; `nil` where the family has no link scale, or no width.
  func score(link: Double) -> Double? {
    switch self {
    case .normal(let mean, let deviation), .logNormal(let mean, let deviation):
      deviation > 0 ? (link - mean) / deviation : nil
    default: standard.map { $0.sign * $0.family.score($0.sign * (link - $0.offset)) }
    }
  }

  /// The link scale as a function of w, where the normal score is shift + ratio · w; `nil` where the family has none.
  func curve(shift: Double, ratio: Double) -> LinkCurve? {
    switch self {
    case .normal(let mean, let deviation), .logNormal(let mean, let deviation):
      return LinkCurve { (mean + deviation * (shift + ratio * $0), deviation * ratio) }
    default:
      return standard.map { standard in
        let knots = standard.family.knots(middle: standard.sign * shift, step: ratio, reach: LinkCurve.reach)
        let ordered = standard.sign > 0 ? knots : knots.reversed()
        return LinkCurve(ordered.map { (standard.offset + standard.sign * $0.x, ratio * $0.slope) })
      }
    }
  }
}
