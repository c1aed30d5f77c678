/// Whether one person may count as several, since systems name people differently.
extension DataQuality {
  /// Identifiers that are equal but for letter case and blanks, and kinds of events that name hardly any manager in common.
  mutating func observeNames(_ history: History) {
    var further = 0
    var examples: [Example] = []
    for (party, names) in [(Party.manager, history.managers), (.partner, history.partners)] {
      let pairs = Self.furtherSpellings(names)
      further += pairs.count
      examples += pairs.prefix(Rejects.placesKept).map {
        Example("\(party) '\(names[$0.further])' and '\(names[$0.first])'")
      }
    }
    observe(
      "furtherSpellings", further,
      "Identifiers of managers or partners that differ from another in letter case or blanks only: each counts as a person of its own, "
        + "who is judged by a part of the events. Write them alike, or join them under [values.manager] and [values.partner] of a profile.",
      examples: Array(examples.prefix(Rejects.placesKept)))
    observeManagersApart(history)
  }

  /// Names that an earlier one equals but for letter case and blanks, with the position of the first such.
  ///
  /// - Complexity: O(letters).
  static func furtherSpellings(_ names: [String]) -> [(first: Int, further: Int)] {
    var positions = [String: Int](minimumCapacity: names.count)
    var result: [(first: Int, further: Int)] = []
    for (position, name) in names.enumerated() {
      let key = folded(name)
      if let first = positions[key] { result.append((first, position)) } else { positions[key] = position }
    }
    return result
  }

  /// A name without letter case, each run of blanks as one: `gross, klaus` of `GROSS,  KLAUS` and of `Groß, Klaus`.
  static func folded(_ name: String) -> String {
    var letters: [UInt8] = []
    letters.reserveCapacity(name.utf8.count)
    var isBehindBlank = false
    // There may be hundreds of thousands of names; letter by letter takes a tenth of what whole strings would.
    for letter in name.unicodeScalars {
      let isBlank =
        letter.isASCII
        ? letter.value == 0x20 || (0x09...0x0D).contains(letter.value) : letter.properties.isWhitespace
      if isBlank {
        isBehindBlank = true
        continue
      }
      if isBehindBlank && !letters.isEmpty { letters.append(0x20) }
      isBehindBlank = false
      if letter.isASCII {
        letters.append(("A"..."Z").contains(letter) ? UInt8(letter.value) | 0x20 : UInt8(letter.value))
      } else {
        // By way of capitals, of which ß has two.
        letters.append(contentsOf: letter.properties.uppercaseMapping.lowercased().utf8)
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }

  /// Kinds of events that one system commonly knows and another doesn't.
  private enum Source: Int, CaseIterable {
    case request, commitment, goal, feedback, conflict, checkIn, rating, recognition, decision, training

    /// `a check-in`, `check-ins`.
    var words: (one: String, many: String) {
      switch self {
      case .request: ("a request", "requests")
      case .commitment: ("a commitment", "commitments")
      case .goal: ("a goal", "goals")
      case .feedback: ("feedback", "feedback")
      case .conflict: ("a conflict", "conflicts")
      case .checkIn: ("a check-in", "check-ins")
      case .rating: ("a rating", "ratings")
      case .recognition: ("recognition", "recognition")
      case .decision: ("a decision", "decisions")
      case .training: ("a training", "trainings")
      }
    }

    init?(_ contact: Contact) {
      switch contact.kind {
      case .checkIn, .checkInCancelled: self = .checkIn
      case .survey: self = .rating
      case .recognition: self = .recognition
      case .decision: self = .decision
      case .training: self = .training
      default: return nil
      }
    }
  }

  /// Fewest managers of a kind of events by whom it can be told that another names them differently.
  private static let fewestManagers = 5
  /// Fewest anonymous ratings by which a manager counts as rated: of fewer not even that may be told.
  private static let fewestAnonymous = 5

  /// Two kinds of events that each name several managers, and fewer than half of them in common.
  ///
  /// Where events are few, as those of a week, most managers have none of a kind by chance. So of the kind that names more managers
  /// at most one event in ten may be its manager's only one: that is about the chance that its next one names a manager whom it
  /// hasn't named yet (Good 1953, The population frequencies of species and the estimation of population parameters). And where a third
  /// kind names most managers of both, as requests do in a log of everything, all three name people alike.
  private mutating func observeManagersApart(_ history: History) {
    let managers = history.managers
    guard managers.count > Self.fewestManagers else { return }
    var events = [[Int]](
      repeating: [Int](repeating: 0, count: managers.count), count: Source.allCases.count)
    var anonymous = [Int](repeating: 0, count: managers.count)
    func see(_ source: Source, _ manager: Int32) {
      if manager >= 0 { events[source.rawValue][Int(manager)] += 1 }
    }
    for spell in history.spells where spell.isFirst { see(.request, spell.manager) }
    for promise in history.promises { see(promise.family == .goal ? .goal : .commitment, promise.manager) }
    for feedback in history.feedback { see(.feedback, feedback.manager) }
    for conflict in history.conflicts { see(.conflict, conflict.manager) }
    for contact in history.contacts {
      guard let source = Source(contact), contact.manager >= 0 else { continue }
      if source == .rating, contact.partner < 0 {
        anonymous[Int(contact.manager)] += 1
      } else {
        see(source, contact.manager)
      }
    }
    for (manager, count) in anonymous.enumerated() where count >= Self.fewestAnonymous {
      events[Source.rating.rawValue][manager] += count
    }
    let named = events.map { $0.count { $0 > 0 } }
    let shared = events.map { one in
      events.map { other in managers.indices.count { one[$0] > 0 && other[$0] > 0 } }
    }
    func isBridged(_ a: Int, _ b: Int) -> Bool {
      events.indices.contains {
        $0 != a && $0 != b && 2 * shared[a][$0] >= named[a] && 2 * shared[b][$0] >= named[b]
      }
    }
    func namesNearlyAll(_ source: Int) -> Bool {
      10 * events[source].count { $0 == 1 } <= events[source].reduce(0, +)
    }
    var isApart = [Bool](repeating: false, count: managers.count)
    var examples: [Example] = []
    for one in Source.allCases where named[one.rawValue] >= Self.fewestManagers {
      for other in Source.allCases[(one.rawValue + 1)...] where named[other.rawValue] >= Self.fewestManagers {
        let (a, b) = (one.rawValue, other.rawValue)
        let common = shared[a][b]
        guard 2 * common < min(named[a], named[b]), !isBridged(a, b), namesNearlyAll(named[a] >= named[b] ? a : b)
        else { continue }
        for manager in managers.indices where (events[a][manager] > 0) != (events[b][manager] > 0) {
          isApart[manager] = true
        }
        // Each has some that the other lacks, since fewer than half are shared.
        func onlyIn(_ x: Int, _ y: Int) -> String {
          managers.indices.first { events[x][$0] > 0 && events[y][$0] == 0 }.map { "'\(managers[$0])'" } ?? ""
        }
        let having = common == 0 ? "none has" : common == 1 ? "1 has" : "\(common.grouped) have"
        examples.append(
          Example(
            "of \(named[a].grouped) managers with \(one.words.many) \(having) \(other.words.one) (\(one.words.many) name \(onlyIn(a, b)), "
              + "\(other.words.many) \(onlyIn(b, a)))"))
      }
    }
    observe(
      "managersApart", isApart.count { $0 },
      "Managers whom one kind of events names and another doesn't, where each names several and they have fewer than half in common. Are "
        + "they named alike in both? Who is named differently by two systems counts as two people, each judged by a part of the events. "
        + "Export staff numbers, or join names under [values.manager] of a profile.",
      examples: Array(examples.prefix(Rejects.placesKept)))
  }
}
