import RapportIngestion
import RapportScoring

/// What was read, and what became of it.
extension Sentences {
  /// What was read, what of it was used, and what wasn't.
  public static func quality(_ quality: DataQuality, limit: Int = 4) -> [String] {
    // Rows that lost an impossible time alone are told by `rapport check`.
    let told: [(consequence: DataQuality.Consequence, opening: String)] = [
      (.refused, "Refused"), (.leftOut, "Left out"), (.merged, "Merged"), (.used, "Odd but used"),
    ]
    return [rows(quality)]
      + told.compactMap { consequence, opening in
        let found = quality.findings(consequence)
        guard !found.isEmpty else { return nil }
        return "\(opening): "
          + found.prefix(limit).map { "\(Wording.words($0.name)) \(Figure.count($0.finding.count))" }
          .joined(separator: ", ") + (found.count > limit ? ", …" : "")
          + (consequence == .used || consequence == .merged ? " (`rapport check` tells more)." : ".")
      }
  }

  /// What leaves no trace in anybody's figures though it was read; `nil` where nothing of the kind may have been.
  static func protected(_ quality: DataQuality) -> String? {
    guard quality.holds(.escalation) || quality.confidential > 0 else { return nil }
    return
      "Concerns, and escalations through protected channels, are counted among the events that were read and leave no trace in "
      + "anybody's figures."
  }

  /// How what nobody may be recognised by is counted; `nil` where only tables were read whose rows can't say anything of the kind.
  static func confidential(_ quality: DataQuality) -> String? {
    let requests = quality.requests
    guard requests.total == 0 || requests.tabular < requests.total || quality.confidential > 0 else { return nil }
    let group = DataQuality.confidentialGroup
    return
      "Concerns, escalations through protected channels and anonymous ratings are counted together and in whole groups of \(group)"
      + ": up to \(group - 1) of them aren't among the rows and events told here, so that no single one can be made out."
  }

  /// What makes a row a duplicate; `nil` where none was merged.
  static func duplicates(_ quality: DataQuality) -> String? {
    guard quality.duplicates > 0 else { return nil }
    return
      "A duplicate repeats another row's case, kind, people and time to the second, or its id; of what has no case two alike in the "
      + "same second are taken for one."
  }

  /// What makes a row a superseded one; `nil` where none was.
  static func superseded(_ quality: DataQuality) -> String? {
    guard quality.superseded > 0 else { return nil }
    return
      "A superseded row tells a request that another row tells too, of the same case, manager and opening, as exports that overlap do. "
      + "The row with the latest step counts."
  }

  /// Which ratings aren't used though they were read; `nil` without surveys.
  static func anonymous(_ quality: DataQuality) -> String? {
    guard quality.holds(.survey) || quality.confidential > 0 else { return nil }
    return
      "Anonymous ratings of a manager count where there are at least \(Voice.leastRespondents) within \(Voice.waveDays) days. "
      + "They are used in whole groups of \(Voice.ratingGroup), the earliest first, so that no later report tells a single one. Others are "
      + "set aside, and how many isn't told, so that nobody can be recognised."
  }

  /// What became of requests. Of what nothing was read, no number is known, not even 0.
  static func requests(_ quality: DataQuality) -> String {
    let requests = quality.requests
    var undated = quality.rejections[RejectReason.respondedBeforeOpened.rawValue]?.count ?? 0
    // Values are counted in every row, and rows of overlapping exports tell some of them again.
    if quality.superseded > 0 {
      undated = min(undated, quality.observations["excludedFromWaits"]?.count ?? 0, requests.open)
    }
    return "\(Figure.count(requests.total, "request")): \(Figure.count(requests.answered)) answered, "
      + "\(Figure.count(max(0, requests.open - undated))) open"
      + (undated == 0
        ? ""
        : ", \(Figure.count(undated)) answered at a time before the request and counted as open")
      + (quality.holds(.withdraw)
        ? ", \(Figure.count(requests.withdrawn)) withdrawn." : "; no withdrawal was read.")
  }

  /// That case numbers stand for cases of two managers, so that figures lack some and mix others; `nil` where none does.
  static func sharedCases(_ quality: DataQuality) -> String? {
    guard let shared = quality.observations["caseShared"], shared.count > 0 else { return nil }
    return
      "\(Figure.count(shared.count, "opening of a case isn't", "openings of cases aren't")) counted, since another manager's case has "
      + "the same number: who asked for them lacks them, and their answers may count for others. Read the logs again with a "
      + "prefix of its own for each system's case numbers."
  }

  /// That steps of cases name other managers than their openings do, so that answers may count for others' cases; `nil` where
  /// fewer than one case in a hundred has such steps, as where teams' managers change.
  static func stepsOfOthers(_ quality: DataQuality) -> String? {
    let openings = [EventKind.request, .commitment, .feedback, .conflict, .goal]
      .reduce(0) { $0 + (quality.kinds[$1.rawValue] ?? 0) }
    guard let found = quality.observations["stepsOfOthers"], found.count * 100 >= openings else { return nil }
    return
      "\(Figure.count(found.count, "case has", "cases have")) steps that name another manager than the opening does, and all of them "
      + "count for the one who opened the case. Unless teams' managers changed, two systems may give their cases the same numbers: "
      + "read the logs again with a prefix of its own for each system's case numbers."
  }

  /// That one person may count as several, so that figures rest on a part of the events each; `nil` where nothing looks like it.
  static func splitPeople(_ quality: DataQuality) -> String? {
    func example(_ finding: DataQuality.Finding) -> String { finding.examples.first.map { ": \($0)" } ?? "" }
    let told = [
      quality.observations["furtherSpellings"].map { found in
        "\(Figure.count(found.count, "identifier differs", "identifiers differ")) from another in letter case or blanks only"
          + example(found)
      },
      quality.observations["managersApart"].map { found in
        "\(Figure.count(found.count, "manager is", "managers are")) named by one kind of events and not by another"
          + example(found)
      },
    ].compactMap { $0 }
    guard !told.isEmpty else { return nil }
    return
      "People may be named differently by different systems: \(told.joined(separator: "; ")). If so,"
      + " one person counts as several, each judged by a part of the events; `rapport check` says how to join them."
  }

  /// Columns that are named before the rest is counted.
  private static let mostColumns = 20

  /// Which columns of the input weren't read, so that what they hold isn't known; `nil` where none.
  static func unread(_ quality: DataQuality) -> String? {
    let columns = quality.ignoredColumns
    guard !columns.isEmpty else { return nil }
    let rest = columns.count - mostColumns
    let named =
      columns.prefix(mostColumns).joined(separator: ", ") + (rest > 0 ? " and \(Figure.count(rest)) more" : "")
    return
      "Columns of the input that weren't read: \(named). What they may hold, such as targets, withdrawals, reopenings or "
      + "passing on, isn't known here. Whoever makes this report can name times of targets and withdrawals with --map (due=…, "
      + "withdrawn=…) where a column holds them; reopenings and passing on are read as events only, each a row of its own."
  }

  /// What became of every row that was read, and of every event in those that weren't refused.
  static func rows(_ quality: DataQuality) -> String {
    let rows = "\(Figure.count(quality.rowsRead, "row")) read"
    guard quality.rowsRead > 0 else { return rows + "." }
    let share = Double(quality.rowsRefused) / Double(max(1, quality.rowsRead))
    let apart = [
      (quality.rowsRefused, "\(Figure.count(quality.rowsRefused)) refused (\(Figure.percent(share)))"),
      (quality.rowsLeftOut, "\(Figure.count(quality.rowsLeftOut)) left out"),
      (quality.duplicates, Figure.count(quality.duplicates, "duplicate merged", "duplicates merged")),
      (quality.superseded, "\(Figure.count(quality.superseded)) superseded"),
    ].filter { $0.0 > 0 }.map(\.1)
    guard quality.eventsUsed + quality.eventsLeftOut > 0 else {
      return "\(rows): \(list(apart.isEmpty ? ["none refused"] : apart)). They leave no event."
    }
    let events = Figure.count(quality.eventsUsed + quality.eventsLeftOut, "event")
    return
      (apart.isEmpty
      ? "\(rows), none refused. They hold \(events)" : "\(rows): \(list(apart)). The others hold \(events)")
      + (quality.eventsLeftOut == 0
        ? ", all used."
        : ": \(Figure.count(quality.eventsUsed)) used, \(Figure.count(quality.eventsLeftOut)) left out.")
  }
}

extension DataQuality {
  /// Whether any event of this kind was read.
  func holds(_ kind: EventKind) -> Bool { (kinds[kind.rawValue] ?? 0) > 0 }
}
