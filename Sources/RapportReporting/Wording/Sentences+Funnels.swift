import RapportScoring

extension Sentences {
  /// How many managers lie beyond the limits, and how many chance alone would put there.
  static func funnel(_ funnel: Funnel) -> String {
    let counts = funnel.curves.map { curve -> String in
      let count = funnel.outside(level: curve.level)
      let level = Wording.level(curve.level)
      let expected = Double(funnel.managers) * (1 - curve.level)
      let chance = Figure.number(expected, digits: expected < 0.1 ? 2 : 1)
      let lie = count == 0 ? "none lies" : count == 1 ? "1 lies" : "\(Figure.count(count)) lie"
      return "\(lie) beyond the \(level) limits (by chance alone up to \(chance))"
    }
    var text =
      "Of \(Figure.count(funnel.managers, "manager")) around "
      + "\(Wording.value(funnel.centre, of: funnel.indicator)), \(list(counts))."
    if funnel.overdispersion.betweenDeviation > 0 {
      text += " Managers differ by more than chance alone, and the limits allow for that."
    }
    return text
  }

  /// Where one manager lies in all funnels; empty where it is in none.
  public static func funnels(_ places: [Explanation.FunnelPlace]) -> String {
    guard !places.isEmpty else { return "" }
    let outside = places.filter { $0.position != .within }
    let rest = places.count - outside.count
    guard !outside.isEmpty else {
      return "Within the limits that chance sets around all managers on \(count(rest))."
    }
    let named = outside.map { place -> String in
      let title = Wording.indicator(place.indicator)
      return "\(title) (\(place.position.rawValue) the \(Wording.level(place.level ?? 0)) limits)"
    }
    return "Outside the limits that chance sets around all managers: \(list(named))"
      + (rest > 0 ? "; within them on \(count(rest, "other"))." : ".")
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
