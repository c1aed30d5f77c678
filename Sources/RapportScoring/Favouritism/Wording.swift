import Glibc

/// Findings in sentences; every number with its interval and count.
enum Wording {
  /// "2 partners", "1 partner".
  static func count(_ n: Int, _ noun: String) -> String { "\(n) \(noun)\(n == 1 ? "" : "s")" }

  /// Two digits after the point, one from 10 on; `more than 20` and `less than 0.05` beyond ``RatioInterval/told``.
  static func ratio(_ value: Double) -> String {
    if value > RatioInterval.told.upperBound { return "more than \(Int(RatioInterval.told.upperBound))" }
    if value < RatioInterval.told.lowerBound { return "less than \(RatioInterval.told.lowerBound)" }
    let digits = value >= 9.95 ? 1 : 2
    let text = String(Int((value * pow(10, Double(digits))).rounded()))
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return "\(padded.dropLast(digits)).\(padded.suffix(digits))"
  }

  /// "90 % interval 1.21–1.80", "90 % interval 3.10 to more than 20".
  static func interval(_ interval: RatioInterval, level: Double) -> String {
    let isTold = RatioInterval.told.contains(interval.low) && RatioInterval.told.contains(interval.high)
    return "\(Int((level * 100).rounded())) % interval "
      + "\(ratio(interval.low))\(isTold ? "–" : " to ")\(ratio(interval.high))"
  }

  /// What one unit's verdict says.
  static func sentence(
    _ subject: String, _ judged: TreatmentFamily.Judged, than others: String, basis: String, interval level: Double
  ) -> String {
    switch judged.verdict {
    case .signal:
      return "\(subject) \(ratio(judged.posterior.ratio.ratio))× as readily as \(others) "
        + "(\(interval(judged.posterior.ratio, level: level)); \(basis)): worth looking into."
    case .noMaterialDifference:
      return "\(subject) about as readily as \(others) "
        + "(\(ratio(judged.estimate.ratio))×, \(interval(judged.estimate, level: level)); \(basis))."
    case .insufficientEvidence:
      return "Whether \(subject) sooner or later than \(others) can't be told "
        + "(\(ratio(judged.posterior.ratio.ratio))×, \(interval(judged.posterior.ratio, level: level)); \(basis))."
    }
  }

  /// What is said of a pair whose queue choices can't be told.
  static func untold(
    _ subject: String, _ judged: TreatmentFamily.Judged, obstacle: String, requests: Int, interval level: Double
  ) -> String {
    let reason =
      switch obstacle {
      case PartnerChoices.Obstacle.resolution.rawValue: "times are too coarse to tell what was picked before what"
      case PartnerChoices.Obstacle.noQueue.rawValue: "no two managers' requests were open at once"
      default: "none of its requests stood in a queue with another manager's"
      }
    return "Whether \(subject) sooner or later than others can't be told: \(reason) "
      + "(by waits alone \(ratio(judged.posterior.ratio.ratio))×, \(interval(judged.posterior.ratio, level: level)); "
      + "\(count(requests, "request")), timing model only)."
  }

  /// A sentence where waits clearly point the other way, by one model or both.
  static func disagreement(_ choice: RatioInterval, timing: RatioInterval?, cox: RatioInterval?) -> String? {
    func isOpposite(_ other: RatioInterval) -> Bool { choice.ratio > 1 ? other.high < 1 : other.low > 1 }
    let opposite = [timing.map { ($0, "timing model") }, cox.map { ($0, "Cox model") }].compactMap { $0 }
      .filter { isOpposite($0.0) }
    guard !opposite.isEmpty else { return nil }
    let told = opposite.map { "\($0.1) \(ratio($0.0.ratio))×" }.joined(separator: ", ")
    return "By waits it looks the other way (\(told)): what was picked and how long it took differ."
  }

  /// What is said of a partner whose evenness can't be told.
  static func unevenness(_ partner: String, untold obstacle: PartnerChoices.Obstacle?) -> String {
    switch obstacle {
    case .resolution:
      "\(partner): times are too coarse, or too many replies share a stamp, to tell what was picked before what."
    case .noQueue: "\(partner): never two managers' requests open at once, so nothing to compare."
    case nil:
      "\(partner): fewer than 3 managers with 5 requests in queues, too few to say how evenly they are answered."
    }
  }

  /// What a partner's evenness says.
  static func evenness(
    _ partner: String, _ evenness: Evenness, _ verdict: FavouritismVerdict, managers: Int, interval level: Double
  ) -> String {
    let figures =
      "\(interval(RatioInterval(ratio: evenness.medianRatio, low: evenness.low, high: evenness.high), level: level)), \(managers) managers"
    switch verdict {
    case .signal:
      return
        "Of two of \(partner)'s managers, one is typically answered \(ratio(evenness.medianRatio))× as readily as the other (\(figures)): worth looking into."
    case .noMaterialDifference:
      return "\(partner) answers all managers about alike (\(ratio(evenness.medianRatio))×, \(figures))."
    case .insufficientEvidence:
      return "How evenly \(partner) answers managers can't be told well (\(ratio(evenness.medianRatio))×, \(figures))."
    }
  }

  /// What a group's comparison says.
  static func group(_ finding: GroupFinding, basis: String, interval level: Double) -> String {
    let ratioInterval = RatioInterval(ratio: finding.ratio, low: finding.low, high: finding.high)
    let figures =
      "\(interval(ratioInterval, level: level)), \(finding.managers) managers, \(finding.requests) requests, \(basis)"
    let subject = "managers with \(finding.attribute) \(finding.value)"
    switch finding.verdict {
    case .signal:
      return
        "\(subject.prefix(1).uppercased())\(subject.dropFirst()) are answered \(ratio(finding.ratio))× as readily as others with comparable requests (\(figures)): worth looking into."
    case .noMaterialDifference:
      return
        "\(subject.prefix(1).uppercased())\(subject.dropFirst()) are answered about as readily as others (\(ratio(finding.ratio))×, \(figures))."
    case .insufficientEvidence:
      return
        "Whether \(subject) are answered sooner or later than others can't be told (\(ratio(finding.ratio))×, \(figures))."
    }
  }
}
