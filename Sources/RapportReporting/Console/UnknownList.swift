import RapportScoring

/// What isn't known of a manager or a pair, and why.
enum UnknownList {
  /// A heading and a bullet each; nothing where everything is known.
  static func lines(
    _ indicators: [String: IndicatorScore], health: Score, domains: [String: Score], basis: Basis, console: Console
  ) -> [String] {
    let bullets = Sentences.unknown(indicators, health: health, domains: domains, basis: basis)
    guard !bullets.isEmpty else { return [] }
    return [console.heading("What is not known")] + bullets.flatMap { console.paragraph($0, bullet: "• ") }
  }
}
