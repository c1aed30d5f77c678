import RapportScoring

/// Indicators that both sides have a part in, told for each side.
enum SideList {
  /// A heading and a bullet each; nothing where no indicator has sides.
  static func lines(_ indicators: [String: IndicatorScore], console: Console) -> [String] {
    let sentences = Wording.indicatorOrder.compactMap { key in
      indicators[key].flatMap { Sentences.sides(key, $0) }
    }
    guard !sentences.isEmpty else { return [] }
    return [console.heading("Each side apart")] + sentences.flatMap { console.paragraph($0, bullet: "• ") }
  }
}
