import RapportIngestion
import RapportScoring

/// What trust rests on, and how far it goes apart.
extension Sentences {
  /// How much a manager's trust rests on in each direction; `nil` where it is known in neither.
  static func trustEvidence(_ manager: ManagerAssessment) -> String? {
    let told = [("the partners", manager.trustInPartner), ("the manager", manager.trustInManager)].compactMap {
      who, score in
      score.estimate.map { "\(Figure.number($0.effectiveN, digits: 0)) about \(who)" }
    }
    guard !told.isEmpty else { return nil }
    return
      "Pieces of evidence, older ones counting less: \(list(told)). With few of them trust stays near what is usual among all."
  }

  /// Where a manager's trust stands among all others': its scale is hardly used, so that a number alone tells little.
  static func trustPlace(_ manager: ManagerAssessment, among field: TrustField) -> String? {
    let told = field.columns.compactMap { who, score, values -> String? in
      guard let own = manager[keyPath: score].estimate?.value, values.count > 2 else { return nil }
      return "in \(who) \(Figure.count(PeerField.place(values) { $0 < own })) of \(Figure.count(values.count - 1))"
    }
    return told.isEmpty ? nil : "Others whose trust is lower: \(list(told)). Read the place rather than the number."
  }

  /// Trust in the partners less theirs in the manager, beside what is usual.
  ///
  /// - Parameter median: over all managers, in points; `nil` where it isn't known.
  static func trustGap(_ gap: Estimate, median: Double?) -> String {
    func points(_ value: Double) -> String { Figure.number(value, digits: 0) }
    let gapPoints = points(gap.value)
    let noun = ["1", "−1"].contains(gapPoints) ? "point" : "points"
    return
      "Trust in the partners less their trust in the manager, over the partners of whom both are known: \(gapPoints) \(noun) "
      + "(\(points(gap.low)) to \(points(gap.high)))"
      + (median.map { "; the median of all managers is \(points($0))" } ?? "")
      + ". Each partner counts by what is known of both, so it needn't be the difference of the two "
      + "scores. They rest on different kinds of evidence, so what is usual needn't be 0: only how far a manager is from it tells anything."
  }

  /// What trust rests on, side by side; `nil` where nothing speaks for or against either.
  static func trust(_ basis: TrustBasis) -> String? {
    func told(_ kinds: [TrustKind], _ tooFew: [TrustKind]) -> String {
      let facets = TrustFacet.allCases.compactMap { facet -> String? in
        let own = kinds.filter { $0.facet == facet }.map(Wording.kind)
        return own.isEmpty ? nil : "\(facet) (\(own.joined(separator: ", ")))"
      }
      let (unread, thin) = lacks(kinds, tooFew)
      return list(facets) + (unread.isEmpty ? "" : "; nothing was read that tells of \(list(unread, "or"))")
        + (thin.isEmpty ? "" : "; what tells of \(list(thin)) was read of too few managers")
    }
    guard !basis.isEmpty else { return nil }
    return basis.sides.map { who, kinds, tooFew in
      !kinds.isEmpty
        ? "Trust in \(who) rests on \(told(kinds, tooFew))."
        : tooFew.isEmpty
          ? "Nothing was read that tells of trust in \(who)."
          : "What tells of trust in \(who) was read of too few managers."
    }.joined(separator: " ")
      + ((basis.inPartner + basis.inManager).contains(.ratings) ? " Anonymous ratings are no part of it." : "")
  }

  /// Sides of which a facet isn't measured; `nil` where none, and where nothing tells of trust at all.
  static func trustLacks(_ basis: TrustBasis) -> String? {
    guard !basis.isEmpty else { return nil }
    let (unread, thin) = basis.sides.reduce(into: ([String](), [String]())) { result, side in
      let (unread, thin) = lacks(side.kinds, side.tooFew)
      if !unread.isEmpty { result.0.append("of \(side.who)' \(list(unread, "or"))") }
      if !thin.isEmpty { result.1.append("of \(side.who)' \(list(thin))") }
    }
    let told = [
      unread.isEmpty ? nil : "nothing was read that tells \(list(unread, "or"))",
      thin.isEmpty ? nil : "what tells \(list(thin)) was read of too few managers",
    ].compactMap { $0 }
    return told.isEmpty ? nil : "Trust doesn't rest on everything: \(told.joined(separator: "; "))."
  }

  /// Facets that one side's trust doesn't rest on: those of which nothing was read, and those that too few managers have.
  private static func lacks(_ kinds: [TrustKind], _ tooFew: [TrustKind]) -> (unread: [String], thin: [String]) {
    let missing = TrustFacet.allCases.filter { facet in !kinds.contains { $0.facet == facet } }
    func isThin(_ facet: TrustFacet) -> Bool { tooFew.contains { $0.facet == facet } }
    return (missing.filter { !isThin($0) }.map { "\($0)" }, missing.filter(isThin).map { "\($0)" })
  }
}

extension TrustBasis {
  /// Whose trust rests on what, and what of them too few managers have.
  fileprivate var sides: [(who: String, kinds: [TrustKind], tooFew: [TrustKind])] {
    [("partners", inPartner, tooFewInPartner), ("managers", inManager, tooFewInManager)]
  }
}

extension Assessment {
  /// Whether there is evidence enough of one direction alone, whatever stray event tells of the other: trust altogether is that one
  /// (Methods.md), and there are no two to speak of.
  var hasTrustOfOneDirection: Bool {
    managers.contains { $0.trustInPartner.estimate != nil } != managers.contains { $0.trustInManager.estimate != nil }
  }
}

/// All managers' trust, sorted once.
struct TrustField: Sendable {
  /// In words, where it is found, and the values, ascending.
  let columns: [(who: String, score: KeyPath<ManagerAssessment, Score> & Sendable, values: [Double])]

  init(_ assessment: Assessment) {
    let scores: [(String, KeyPath<ManagerAssessment, Score> & Sendable)] = [
      ("both directions", \.trust), ("the partners", \.trustInPartner), ("the manager", \.trustInManager),
    ]
    columns = (assessment.hasTrustOfOneDirection ? Array(scores.dropFirst()) : scores).map { who, score in
      (who, score, assessment.managers.compactMap { $0[keyPath: score].estimate?.value }.sorted())
    }
  }
}
