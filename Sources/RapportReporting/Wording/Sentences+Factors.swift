import RapportScoring

/// What the factor study says.
extension Sentences {
  /// Whether one number is justified.
  public static func factors(_ study: FactorStudy) -> String {
    let told = study.answer.isEmpty ? study.reason ?? "" : study.answer
    guard study.status != .estimated, !told.isEmpty else { return told }
    return told + " Take health for where to look first, and the domains for what is the matter."
  }

  /// What to know about the study, with indicators' titles in place of their keys.
  static func notes(_ study: FactorStudy) -> [String] {
    study.notes.map { note in
      study.variables.reduce(note) { $0.replacing("'\($1)'", with: "“\(Wording.indicator($1))”") }
    }
  }

  /// Why an indicator isn't in the factor study; a reason may name another by its key.
  static func leftOut(_ indicator: FactorStudy.LeftOut) -> String {
    let reason = indicator.reason.split(separator: " ").map {
      Wording.indicatorOrder.contains(String($0)) ? Wording.indicator(String($0)) : String($0)
    }
    return "\(Wording.indicator(indicator.indicator)): \(reason.joined(separator: " "))"
  }

  /// Whether the factors of the first half of the period are those of the second; empty without a study.
  public static func congruence(_ study: FactorStudy) -> String {
    guard study.status == .estimated, study.factors > 0 else { return "" }
    if let reason = study.congruenceReason {
      return "Whether factors stay the same over time can't be said: \(reason)."
    }
    guard study.congruencePeriods.count == 2 else { return "" }
    let told = zip(study.congruence, study.likeness).enumerated().map { j, factor -> String in
      let word =
        switch factor.1 {
        case .same: "the same"
        case .similar: "similar"
        case .different: "different"
        }
      return "factor \(j + 1) is \(word) (\(Figure.number(factor.0, digits: 2)))"
    }
    var doubt = ""
    if !study.likeness.allSatisfy({ $0 == .same }) {
      func figures(_ values: [Double]) -> String { list(values.map { Figure.number($0, digits: 2) }) }
      let splits = study.congruenceSplits
      let isMany = splits >= FactorStudySettings.randomSplits
      let lowest = isMany ? "one in twenty to no more than" : "the lowest of them to"
      doubt =
        study.congruenceByChanceLow.count == study.congruence.count
        ? " \(Figure.count(splits, "split")) of the months into halves at random agree to \(figures(study.congruenceByChance)), "
          + "\(lowest) \(figures(study.congruenceByChanceLow)): of a factor that is more like itself than that, a difference "
          + "can't be told from chance."
        : " Halves of the events differ by chance too, the more the fewer managers there are "
          + "(\(Figure.count(study.observations)) here)."
    }
    return "From \(study.congruencePeriods[0]) alone and from \(study.congruencePeriods[1]) alone, \(list(told)): "
      + "Tucker's congruence, the same from 0.95 on, similar from 0.85 on.\(doubt)"
  }
}
