import RapportScoring

/// What isn't known of a manager or a pair, and why.
enum UnknownList {
  /// A heading and a bullet each; nothing where everything is known.
  static func lines(
    _ indicators: [String: IndicatorScore], health: Score, basis: Basis, console: Console
  ) -> [String] {
    var bullets = Wording.indicatorOrder.compactMap { key -> String? in
      guard let indicator = indicators[key], indicator.score.estimate == nil else { return nil }
      return "\(Wording.indicator(key)): \(Figure.interval(indicator.score))"
    }
    if case .insufficient(let n, let needed) = health {
      bullets.insert("health: \(n) of the \(needed) indicators that it needs are measured", at: 0)
    }
    bullets += Sentences.unmeasured(basis)
    guard !bullets.isEmpty else { return [] }
    return [console.heading("What is not known")] + bullets.flatMap { console.paragraph($0, bullet: "• ") }
  }
}
