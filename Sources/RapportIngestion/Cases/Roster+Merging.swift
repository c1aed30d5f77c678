extension Roster {
  /// The rosters of each party as one, field by field: one file may say what unit a person is in, and another whose hours apply.
  ///
  /// Neither the order of the rosters shows nor how people and columns are spread over them, since none wins over another.
  ///
  /// - Throws: ``IngestionError`` of kind `unusable` where two say different things of one person, or the end of the time in the role
  ///   that one tells lies before the beginning that another tells.
  package static func merged(_ rosters: [Roster]) throws(IngestionError) -> [Roster] {
    var result: [Roster] = []
    for party in Party.allCases {
      let own = rosters.filter { $0.party == party }
      guard var merged = own.first else { continue }
      merged.entries = []
      var places: [String: Int] = [:]
      // By entry, the rosters that it is in.
      var sources: [[Int]] = []
      for (source, roster) in own.enumerated() {
        for entry in roster.entries {
          guard let place = places[entry.id] else {
            places[entry.id] = merged.entries.count
            merged.entries.append(entry)
            sources.append([source])
            continue
          }
          // Of rows of one roster with one identifier the first counts.
          if sources[place].last == source { continue }
          if let column = merged.entries[place].merge(entry) {
            let other = sources[place].first { own[$0].entries.contains { $0.id == entry.id && $0.tells(column) } }
            throw IngestionError(
              .unusable,
              "\(party) '\(entry.id)' is in \(own[other ?? 0].place) and in \(roster.place), and they differ in '\(column)'; correct one "
                + "of them, or leave that out of one")
          }
          sources[place].append(source)
        }
      }
      for (entry, sources) in zip(merged.entries, sources) where sources.count > 1 && entry.endsBeforeItBegins {
        throw IngestionError(
          .unusable,
          "\(party) '\(entry.id)' is in \(sources.map { own[$0].place }.joined(separator: " and in ")), and 'until' lies before 'from'; "
            + "correct one of them")
      }
      result.append(merged)
    }
    return result
  }

  /// What messages call it.
  private var place: String { name.isEmpty ? "a roster" : name }
}

extension Roster.Entry {
  /// Whether the last moment in the role lies before the first.
  var endsBeforeItBegins: Bool { from.isPresent && until.isPresent && until < from }

  /// Adds what another roster says of the same person.
  ///
  /// - Returns: the first column of which both say something, and not the same; `nil` where all goes together.
  fileprivate mutating func merge(_ other: Roster.Entry) -> String? {
    func differ<Value: Equatable>(_ a: Value?, _ b: Value?) -> Bool { a != nil && b != nil && a != b }
    if differ(from.ifPresent, other.from.ifPresent) { return "from" }
    if differ(until.ifPresent, other.until.ifPresent) { return "until" }
    if differ(calendar, other.calendar) { return "calendar" }
    let names = other.attributes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if let name = names.first(where: { differ(attributes[$0], other.attributes[$0]) }) { return name }
    // An absent moment is later than all others.
    (from, until) = (min(from, other.from), min(until, other.until))
    calendar = calendar ?? other.calendar
    attributes.merge(other.attributes) { mine, _ in mine }
    return nil
  }

  /// Whether it says anything in a column.
  fileprivate func tells(_ column: String) -> Bool {
    switch column {
    case "from": from.isPresent
    case "until": until.isPresent
    case "calendar": calendar != nil
    default: attributes[column] != nil
    }
  }
}
