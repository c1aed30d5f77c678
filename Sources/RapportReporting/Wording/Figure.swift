import Glibc
import RapportIngestion
import RapportScoring

/// Numbers as people read them; rounding happens here and nowhere before.
public enum Figure {
  /// A number with this many decimals, and no minus before a zero.
  public static func number(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "–" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e15 else { return value.description }
    let whole = Int64(scaled)
    let unit = Int64(scale)
    var text = (whole / unit).grouped
    if digits > 0 {
      let fraction = String(whole % unit)
      text += "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
    return value < 0 && whole != 0 ? "−" + text : text
  }

  /// A whole number with commas between thousands.
  public static func count(_ value: Int) -> String { (value < 0 ? "−" : "") + value.magnitude.grouped }

  /// `1 manager`, `2 managers`.
  public static func count(_ value: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? noun : plural ?? noun + "s")"
  }

  /// A chance in percent: as a share, but what rounds to no chance at all is small, not nothing.
  public static func chance(_ probability: Double) -> String { percent(max(probability, .leastNormalMagnitude)) }

  /// A share in percent: whole, or to one decimal near the ends, which only 0 and 1 themselves reach.
  public static func percent(_ share: Double) -> String {
    let percent = 100 * share
    if percent > 0 && percent < 0.05 { return "<0.1 %" }
    if percent >= 99.95 && percent < 100 { return ">99.9 %" }
    let isNearEnd = (percent > 0 && percent < 1) || (percent > 99 && percent < 100)
    return number(percent, digits: isNearEnd ? 1 : 0) + " %"
  }

  /// A probability, which is never known to be 0 or 1: whole percent, `<1 %` or `>99 %` at the ends.
  public static func probability(_ value: Double) -> String {
    switch wholePercent(value) {
    case 0: "<1 %"
    case 100: ">99 %"
    case let percent: "\(percent) %"
    }
  }

  /// A probability as it is shown: whole percent, 0 below 1 and 100 above 99.
  static func wholePercent(_ probability: Double) -> Int {
    let percent = 100 * probability
    guard percent >= 1 else { return 0 }
    return percent > 99 ? 100 : Int(percent.rounded())
  }

  /// The two ends of an interval, `1.40–2.60`; `>20` where both lie beyond what is told, a dash where they aren't known.
  public static func limits(_ low: Double?, _ high: Double?, _ text: (Double) -> String = factor) -> String {
    guard let low, let high else { return "–" }
    let (first, last) = (text(low), text(high))
    return first == last && (first.hasPrefix(">") || first.hasPrefix("<")) ? first : "\(first)–\(last)"
  }

  /// A ratio, such as `1.90×`, or `>20×` beyond what is told.
  public static func ratio(_ value: Double) -> String { factor(value) + "×" }

  /// A ratio without its sign: `1.90`, `>20` and `<0.05` beyond `RatioInterval.told`.
  public static func factor(_ value: Double) -> String {
    if value > RatioInterval.told.upperBound { return ">\(number(RatioInterval.told.upperBound, digits: 0))" }
    if value < RatioInterval.told.lowerBound { return "<\(number(RatioInterval.told.lowerBound, digits: 2))" }
    return number(value, digits: value < 10 ? 2 : 0)
  }

  /// A score from 0 to 100: to the digit that its interval reaches.
  public static func points(_ estimate: Estimate) -> String {
    number(estimate.value, digits: digits(estimate))
  }

  /// A score's interval.
  public static func interval(_ estimate: Estimate) -> String {
    let digits = digits(estimate)
    return limits(estimate.low, estimate.high) { number($0, digits: digits) }
  }

  /// A score, or a dash where there is none.
  public static func points(_ score: Score) -> String { score.estimate.map(points) ?? "–" }

  /// A score's interval, or why there is none.
  ///
  /// - Parameter counted: what its evidence is counted in, in the plural.
  public static func interval(_ score: Score, of counted: String) -> String {
    switch score {
    case .estimated(let estimate): interval(estimate)
    case .insufficient(let n, let needed): "too little evidence (\(count(n)) of \(count(needed)) \(counted) needed)"
    case .suppressed(let reason): reason
    }
  }

  /// A score with its interval, `23 (15–31)`, or a dash where there is none.
  static func withInterval(_ score: Score) -> String {
    score.estimate.map { "\(points($0)) (\(interval($0)))" } ?? "–"
  }

  /// Points of an indicator beside others': to a tenth next to the ends of the scale, where many may stand.
  static func pointsOfMany(_ score: Score) -> String {
    guard let estimate = score.estimate else { return "–" }
    return (10...90).contains(estimate.value) ? points(estimate) : number(estimate.value, digits: 1)
  }

  /// How many digits after the point a score is told with.
  static func digits(_ estimate: Estimate) -> Int { estimate.high - estimate.low < 2 ? 1 : 0 }

  /// A number as programs read it, to four decimals.
  static func plain(_ value: Double) -> String { ((value * 10_000).rounded() / 10_000).description }

  static func exponential(_ value: Double) -> Double { exp(value) }
}
