import RapportScoring

/// What is assumed, and what isn't known.
extension Sentences {
  /// Indicators that nobody is measured on, since the input lacks what would speak against them.
  static func unmeasured(_ basis: Basis) -> [String] {
    basis.unmeasuredIndicators.map { key in
      "\(Wording.indicator(key)): \(key == Indicator.resolvedForGood.rawValue ? "no reopening" : "nothing of it") was read"
    }
  }

  /// What the contribution is that carries no indicator's name; empty where there is none.
  static func assumed(_ manager: ManagerAssessment, _ basis: Basis) -> String {
    guard let attribution = manager.attribution, attribution.named.count < attribution.contributions.count else {
      return ""
    }
    let names = assumed(of: manager, basis)
    return "“\(Wording.indicator(Attribution.notMeasured))” is what indicators add all together that have too little "
      + "evidence here\(names.isEmpty ? "" : " (\(list(names)))"): their points are assumed, by the few cases there may be, what others have and "
      + "what its own other indicators say. More evidence may move them either way."
  }

  /// Indicators that the input can measure and this manager lacks the evidence for, whose points health assumes.
  static func assumed(of manager: ManagerAssessment, _ basis: Basis) -> [String] {
    Wording.indicatorOrder.filter { key in
      guard let indicator = manager.indicators[key] else { return false }
      return indicator.score.estimate == nil && !basis.unmeasuredIndicators.contains(key)
    }.map(Wording.indicator)
  }

  /// What isn't known of a manager or a pair, and why.
  ///
  /// - Parameters:
  ///   - indicators: those that could be measured.
  ///   - domains: by name, those whose score is shown elsewhere.
  static func unknown(
    _ indicators: [String: IndicatorScore], health: Score, domains: [String: Score], basis: Basis
  ) -> [String] {
    var told: [String] = []
    if case .insufficient(let n, let needed) = health {
      told.append("health: \(n) of the \(needed) indicators that it needs \(n == 1 ? "is" : "are") measured")
    }
    told += Wording.domains.compactMap { domain in
      guard case .insufficient(let n, let needed)? = domains[domain] else { return nil }
      guard n > 0 else {
        // Of a domain of which nothing was read that is said once for all its indicators.
        return basis.measuredDomains.contains(domain)
          ? "\(Wording.domain(domain)): none of its indicators is measured; it needs \(needed)"
          : nil
      }
      let own = Wording.indicatorOrder.filter {
        Indicator(rawValue: $0)?.domain.rawValue == domain && indicators[$0]?.score.estimate != nil
      }
      let inHealth = health.estimate == nil ? "" : ", which \(n == 1 ? "counts" : "count") in health all the same"
      return
        "\(Wording.domain(domain)): \(n) of the \(needed) indicators that it needs \(n == 1 ? "is" : "are") measured "
        + "(\(list(own.map(Wording.indicator)))\(inHealth))"
    }
    told += Wording.indicatorOrder.compactMap { key in
      guard let indicator = indicators[key], indicator.score.estimate == nil else { return nil }
      // Of a pair nothing is assumed.
      let assumed =
        indicator.evidence["assumedPoints"].map { "; \(Figure.number($0, digits: 0)) points are assumed" } ?? ""
      return
        "\(Wording.indicator(key)): \(Figure.interval(indicator.score, of: Wording.counted(key, indicator)))\(assumed)"
    }
    return told + unmeasured(basis)
  }
}
