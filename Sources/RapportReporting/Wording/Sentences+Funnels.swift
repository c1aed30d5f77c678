import RapportScoring

extension Sentences {
  /// Why no manager's counts stand beside what chance alone would give.
  ///
  /// - Parameter measured: indicators that the input measures.
  static func noFunnels(measured: [String]) -> String {
    let counted = measured.filter { Indicator(rawValue: $0)?.isShareOrRate ?? false }.map(Wording.indicator)
    let purpose =
      "Here managers would stand beside what chance alone gives, by what can be counted: how many promises were kept, say, "
      + "or how many requests escalated. "
    if !counted.isEmpty {
      return purpose
        + "Of what was read that would be \(list(counted)), but it takes five managers with enough cases, who "
        + "aren't all at 0 or all at 100 %."
    }
    let rest =
      measured.isEmpty ? "" : ": what this input measures (\(list(measured.map(Wording.indicator)))) is no count"
    return purpose + "Nothing of the kind was read\(rest)."
  }

  /// How many managers lie beyond the limits, how many would in any case, and how many if chance alone set them.
  static func funnel(_ funnel: Funnel) -> String {
    func lie(_ count: Int) -> String {
      count == 0 ? "none lies" : count == 1 ? "1 lies" : "\(Figure.count(count)) lie"
    }
    func expected(_ level: Double) -> String {
      let expected = funnel.curves.first { $0.level == level }?.expected ?? 0
      // Where the limits reach the ends of the scale nobody can pass them.
      if expected < 0.1 * Double(funnel.managers) * (1 - level) {
        return "hardly any expected"
      }
      return "about \(Figure.number(expected, digits: expected < 0.1 ? 2 : expected < 10 ? 1 : 0)) expected"
    }
    // Who lies beyond wider limits lies beyond the narrower ones too.
    func nested(_ counts: [(level: Double, count: Int)], limits: String, expects: Bool) -> String {
      func aside(_ level: Double) -> String { expects ? " (\(expected(level)))" : "" }
      guard let first = counts.first else { return "" }
      if counts.count > 1, first.count > 0, counts.allSatisfy({ $0.count == first.count }) {
        let all = counts.map { "\(expects ? expected($0.level) + " beyond those of " : "")\(Wording.level($0.level))" }
        return "\(lie(first.count)) outside, beyond \(counts.count == 2 ? "both" : "all") limits (\(list(all)))"
      }
      var parts = ["\(lie(first.count)) beyond the \(Wording.level(first.level)) \(limits)\(aside(first.level))"]
      for (level, count) in counts.dropFirst() {
        let whose = count == 0 ? "none" : "\(Figure.count(count)) of them"
        parts.append("\(whose) beyond those of \(Wording.level(level))\(aside(level))")
      }
      return list(parts)
    }
    var text =
      "Of \(Figure.count(funnel.managers, "manager")) around \(Wording.value(funnel.centre, of: funnel.indicator)), "
      + nested(
        funnel.curves.map { ($0.level, funnel.outside(level: $0.level)) }, limits: "limits", expects: true) + "."
    if funnel.overdispersion.betweenDeviation > 0 {
      let byChance = nested(funnel.curves.map { ($0.level, $0.beyondChance) }, limits: "ones", expects: false)
      text += " The limits allow for how much managers usually differ; of limits by chance alone, \(byChance)."
    } else {
      text += " \(funnel.outside.isEmpty ? "Managers" : "The others") differ no more than chance explains."
    }
    if text.contains("hardly any expected") {
      text += " Limits beyond which hardly any are expected reach nearly from end to end of the scale."
    }
    if let clustering = funnel.clustering, clustering.largestDesignEffect >= 1.05 {
      let (what, moved) = funnel.kind == .share ? ("Good and bad cases", "shares") : ("They", "rates")
      text +=
        " \(what) tend to come in the same months, so chance moves these \(moved) more than their counts suggest (variances up to "
        + "\(Figure.number(clustering.largestDesignEffect, digits: 1)) times as large); the limits allow for that too."
    }
    return text
  }

  /// Where one manager lies in all funnels; empty where it is in none.
  public static func funnels(_ places: [Explanation.FunnelPlace]) -> String {
    guard !places.isEmpty else { return "" }
    let outside = places.filter { $0.position != .within }
    let rest = places.count - outside.count
    let explained = "the limits that chance and managers' usual differences leave"
    var text: String
    if outside.isEmpty {
      text = "Within \(explained), on \(count(rest))."
    } else {
      let named = outside.map { place -> String in
        let title = Wording.indicator(place.indicator)
        return "\(title) (\(place.position.rawValue) those of \(Wording.level(place.level ?? 0)))"
      }
      text =
        "Outside \(explained): \(list(named))" + (rest > 0 ? "; within them on \(count(rest, "other"))." : ".")
    }
    let beyond = places.filter { $0.beyondChance != nil }
    let parts = Set(beyond.map { $0.beyondChance!.level }).sorted().map { level -> String in
      let named = beyond.filter { $0.beyondChance!.level == level }.map { place -> String in
        "\(Wording.indicator(place.indicator)) (\(Wording.short(place.beyondChance!.value, of: place.indicator)) by bare counts, "
          + "all managers together \(Wording.short(place.centre, of: place.indicator)))"
      }
      return
        "\(Figure.count(Int((1 / (1 - level)).rounded()) - 1)) of \(Figure.count(Int((1 / (1 - level)).rounded()))) managers on \(list(named))"
    }
    if !parts.isEmpty {
      text +=
        " Chance alone would put \(parts.joined(separator: ", and ")) nearer to the others, but managers here usually differ as much as that."
    }
    return text
  }

  private static func count(_ funnels: Int, _ other: String = "") -> String {
    let word = other.isEmpty ? "" : other + " "
    return funnels == 1
      ? "the one \(word)share or rate" : "all \(Figure.count(funnels)) \(word)shares and rates"
  }
}

extension Wording {
  /// `95 %`, `99.8 %`.
  static func level(_ level: Double) -> String {
    let percent = 100 * level
    return Figure.number(percent, digits: abs(percent - percent.rounded()) < 1e-9 ? 0 : 1) + " %"
  }

  /// What the size of a manager's share or rate is counted in.
  static func size(of indicator: String) -> String {
    switch indicator {
    case "escalationRate": "hundreds of requests"
    case "creditGiven": "hundreds of interactions"
    case "developmentActions": "exposed quarters"
    case "regularity", "oneToOneTime": "exposed months"
    default: "cases"
    }
  }
}
