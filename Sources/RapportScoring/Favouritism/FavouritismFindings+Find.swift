import Glibc
import RapportIngestion
import RapportNumerics

extension FavouritismFindings {
  /// The findings of a history alone, without the rest of an assessment; the same that ``assess(_:options:observer:)`` gives.
  ///
  /// - Throws: ``ScoringError`` where an option can't be honoured, or the history names no manager.
  public static func find(in history: History, options: AssessmentOptions) throws(ScoringError) -> FavouritismFindings {
    try options.check(history)
    let timing = TimingModel.fit(history, options: options)
    return find(
      in: history, choices: QueueChoices(history, options: options), timing: timing.model, reason: timing.reason,
      options: options)
  }

  /// Reads the findings of every level off the queue choices, the timing model beside.
  ///
  /// Pairs, partners, managers and groups are a family each: false discoveries are controlled within it. Verdicts rest on
  /// queue choices; where the order of replies isn't known there is no signal.
  ///
  /// - Parameters: `timing`: as ``TimingModel/fit(_:options:)`` gives it, with the reason where there is no model.
  ///
  /// Source: METHODS.md §6, §14.4.
  static func find(
    in history: History, choices: QueueChoices, timing: TimingModel?, reason: String? = nil, options: AssessmentOptions
  ) -> FavouritismFindings {
    var findings = FavouritismFindings()
    if timing == nil, let reason { findings.notes.append(Wording.sentence(reason)) }
    findings.timing = timing?.summary
    findings.choice = choices.summary
    findings.evenness = timing?.inequality.overall
    if choices.summary != nil { findings.basis = "queue choices" }
    findings.pairs = pairFindings(
      in: history, choices, timing, PairHazards(history, options: options), options)
    findings.partners = partnerFindings(in: history, choices, timing, findings.pairs, options)
    let managers = ManagerTreatment(choices, timing)
    let across = managerFindings(in: history, managers, options)
    findings.managers = across.findings
    let groups = GroupComparison(history, managers, timing, options).findings()
    findings.groups = groups.findings
    if let note = choices.note { findings.notes.append(note) }
    findings.notes += groups.notes
    let caveats = [
      caveat(
        unanswered: unansweredShare(history, choices.partners, days: options.followUpDays),
        ofAllPartners: choices.partners.allSatisfy { $0.reason == nil }, options),
      caveat(lastPartnerOnly: history.dataQuality.observations["lastPartnerOnly"]?.count ?? 0),
    ].compactMap { $0 }
    if !caveats.isEmpty { findings.caveat = caveats.joined(separator: " ") }
    if options.interval != verdictLevel {
      findings.notes.append("Verdicts go by intervals of \(Int(100 * verdictLevel)) %, whatever is shown.")
    }
    if let note = across.note { findings.notes.append(note) }
    findings.notes += notes(choices, timing, findings)
    return findings
  }

  /// What a reader must know before trusting a finding.
  private static func notes(
    _ choices: QueueChoices, _ timing: TimingModel?, _ findings: FavouritismFindings
  ) -> [String] {
    var notes: [String] = []
    let coarse = choices.partners.count { $0.obstacle == .resolution }
    if coarse > 0 {
      notes.append(
        "\(coarse) of \(Wording.count(choices.partners.count, "partner")): times are too coarse, or too many replies share a stamp, to tell what was picked before what; no signal is given there."
      )
    }
    let untold = choices.partners.reduce(0) { $0 + ($1.reason == nil ? $1.untold.count : 0) }
    if untold > 0 {
      notes.append(
        "\(Wording.count(untold, "pair")) of partners whose order of picks can be told: the manager's own times are too coarse (dates without times), or too many replies to it share a stamp; no signal is given there, and what it asked is left out of the partner's queues."
      )
    }
    let mixed = choices.partners.reduce(0) { $0 + ($1.reason == nil ? $1.mixedBundles : 0) }
    if mixed > 0 {
      notes.append(
        "\(Wording.count(mixed, "time")) several requests that a manager made at one moment and has back at one moment differ in topic, priority, channel, target or escalation: for which of them they were picked can't be told, and they are left out of the queues."
      )
    }
    // Without them there may be no queue at all.
    let others = choices.partners.reduce(0) {
      $0 + ($1.reason == nil || $1.obstacle == .noQueue ? $1.othersRequests : 0)
    }
    if others > 0 {
      notes.append(
        "Answered by somebody else than the partner asked, without a row that passes it on: \(Wording.count(others, "request")). Since when these stood in the queue of who answered can't be told, and they are left out of the queues."
      )
    }
    let idle = choices.partners.count { $0.obstacle == .noQueue }
    if idle > 0 {
      notes.append(
        "\(idle) of \(Wording.count(choices.partners.count, "partner")) never had two managers' requests open at once when one was picked: nothing to compare."
      )
    }
    let lost = choices.partners.count { $0.obstacle == nil && !$0.converged }
    if lost > 0 { notes.append("\(Wording.count(lost, "partner")): the queue-choice fit did not converge; not used.") }
    if choices.lacksUsual {
      let judged = choices.pairs.count { $0.requests >= TreatmentFamily.fewestRequests }
      notes.append(
        "\(Wording.unplaced(judged)) So no pair or manager has a verdict; managers of one partner are held against each other two by two."
      )
    }
    if findings.basis == "timing model only", timing != nil {
      notes.append(
        "Ratios come from the timing model only: they compare how long requests waited, not which open request was picked. Work that takes longer by its nature, and is not marked as such by topic or priority, looks like slower treatment. So no signal rests on them, of managers and groups neither."
      )
    }
    let single = Dictionary(grouping: findings.pairs, by: \.manager).count { $0.value.count == 1 }
    if single > 0 {
      notes.append(
        "\(Wording.count(single, "manager")) whose usable waits are with one partner only: whether it is the manager or the pair that is answered sooner or later can't be told."
      )
    }
    return notes
  }

  /// What many requests without an answer mean for findings.
  ///
  /// - Parameter ofAllPartners: whether findings rest on the choices of all partners, so that the share is that of them all.
  static func caveat(unanswered share: Double, ofAllPartners: Bool, _ options: AssessmentOptions) -> String? {
    guard share > mostUnanswered else { return nil }
    return
      "\(Int((100 * share).rounded())) % of requests \(ofAllPartners ? "" : "to partners whose order of picks can be told, ")"
      + "made \(Int(options.followUpDays)) days or more before the end\(ofAllPartners ? "," : "") and "
      + "neither withdrawn nor passed on, were never answered. "
      + "Where many need no answer, who is picked tells what is asked as well as who asks: findings may be no more than "
      + "differences in being answered at all."
  }

  /// What it means for findings that requests came as one row each, so that none could be seen to be passed on.
  static func caveat(lastPartnerOnly count: Int) -> String? {
    guard count > 0 else { return nil }
    return
      "\(Wording.count(count, "request")) came as one row, which names the last partner only. Whether any was passed on isn't "
      + "known; where one was, its time with earlier partners counts as the last one's, and findings may be no more than that."
  }

  /// A larger share of requests without an answer is told.
  public static let mostUnanswered = 0.1

  /// Of the requests to partners whose choices are used, made so many days before the end or earlier and neither withdrawn nor
  /// passed on, the share that was never answered. Late answers are answers; partners whose fit didn't converge aren't used.
  static func unansweredShare(_ history: History, _ partners: [QueueChoices.Partner], days: Double) -> Double {
    let used = Set(partners.filter { $0.reason == nil }.map { Int32($0.partner) })
    var (all, open) = (0, 0)
    for spell in history.spells where spell.asker == .manager && used.contains(spell.partner) {
      guard spell.outcome == .answered || spell.outcome == .open,
        Double(history.asOf.seconds(since: spell.opened)) >= days * 86_400
      else { continue }
      all += 1
      if spell.outcome == .open { open += 1 }
    }
    return all > 0 ? Double(open) / Double(all) : 0
  }

  /// z of 95 % two-sided and of 80 % power: 1.96 + 0.84.
  static let detectable = Normal.standard.quantile(0.975) + Normal.standard.quantile(0.8)
}
