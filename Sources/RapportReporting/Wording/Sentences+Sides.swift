import RapportScoring

/// What each side did.
extension Sentences {
  /// What each side did, of an indicator that both take part in; `nil` where its evidence doesn't tell them apart.
  public static func sides(_ key: String, _ indicator: IndicatorScore) -> String? {
    guard indicator.score.estimate != nil else { return nil }
    func count(_ name: String) -> String? { indicator.evidence[name].map { Figure.number($0, digits: 0) } }
    func rating(of side: String, _ subject: String) -> String? {
      guard let mean = indicator.evidence["ratingOf\(side)"], let n = indicator.evidence["ratingsOf\(side)"],
        let counted = indicator.evidence["countedOf\(side)"]
      else { return nil }
      let ratings = Figure.count(Int(n), "rating")
      return "\(subject) rated \(Figure.number(mean, digits: 1)) on average (\(ratings)"
        + (counted < n
          ? ", counted as \(Figure.count(Int(counted))): those of named people within a pair are averaged, anonymous ones count singly)"
          : ")")
    }
    let title = Wording.indicator(key)
    switch key {
    case "surveyScore":
      switch (rating(of: "HR", "HR is"), rating(of: "Manager", "the manager is")) {
      case (let hr?, let manager?): return "\(title): \(hr), \(manager); each side counts half."
      case (let hr?, nil): return "\(title): \(hr); of the manager there is no rating, so the score is HR's."
      case (nil, let manager?): return "\(title): \(manager); of HR there is no rating, so the score is the manager's."
      case (nil, nil): return nil
      }
    case "promisesKeptOnTime", "goalsMetOnTime":
      func kept(_ side: String, _ subject: String) -> String? {
        guard let kept = count("keptBy\(side)"), let due = count("dueBy\(side)") else { return nil }
        return due == "0" ? "\(subject) had none due" : "\(subject) \(kept) of \(due)"
      }
      guard let hr = kept("HR", "HR"), let manager = kept("Manager", "the manager") else { return nil }
      return "\(title): \(hr), \(manager)."
    case "creditGiven":
      guard let hr = indicator.evidence["fromHR"], let manager = indicator.evidence["fromManager"],
        let counted = indicator.evidence["recognitions"]
      else { return nil }
      return "\(title): given \(Figure.count(Int(hr), "time")) by HR, \(Figure.count(Int(manager))) by the manager"
        + (counted < hr + manager
          ? "; \(Figure.count(Int(counted))) count: of a week in which both sides of a pair give it, only those of the "
            + "side that gave more."
          : ".")
    case "initiativeBalance":
      guard let manager = count("byManager"), let all = count("initiated") else { return nil }
      return "\(title): \(manager) of \(all) first steps by the manager."
    default: return nil
    }
  }
}
