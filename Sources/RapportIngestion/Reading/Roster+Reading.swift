extension Roster {
  /// Reads a roster: a table with a `manager` column describes managers, one with `partner` partners.
  ///
  /// `from` and `until` are dates or times (a date's `until` is its end), `calendar` names a calendar of the
  /// configuration; any other column is an attribute. Empty fields say nothing.
  ///
  /// - Parameters:
  ///   - path: a file, plain or compressed; `-` is standard input.
  ///   - timeZone: of times without offset.
  /// - Throws: ``IngestionError``: the table can't be read, has both columns or neither, a row without identifier, an
  ///   identifier twice, or a time that can't be read.
  public init(contentsOf path: String, timeZone: TimeZoneRules) throws(IngestionError) {
    try self.init(Table(reading: InputSource(argument: path)), timeZone: timeZone)
  }

  /// The roster in a table; see ``init(contentsOf:timeZone:)``.
  public init(_ table: Table, timeZone: TimeZoneRules) throws(IngestionError) {
    let identifier: Int
    switch (table.position(of: "manager"), table.position(of: "partner")) {
    case (let index?, nil):
      party = .manager
      identifier = index
    case (nil, let index?):
      party = .partner
      identifier = index
    case (.some, .some):
      throw IngestionError(
        .unusable,
        "\(table.name):\(table.headerLine): a roster describes managers or partners, and this has a column of each; "
          + "make two files")
    case (nil, nil):
      let near = ["manager", "partner"].compactMap { NearestWord.nearest(to: $0, among: table.header) }
      throw IngestionError(
        .unusable,
        "\(table.name):\(table.headerLine): a roster needs a column 'manager' or 'partner'"
          + (near.isEmpty ? "" : " (nearest: \(near.map { "'\($0)'" }.joined(separator: ", ")))") + "; it has "
          + table.header.map { "'\($0)'" }.joined(separator: ", "))
    }
    guard !table.rows.isEmpty else {
      throw IngestionError(.unusable, "\(table.name): a header but no rows; a roster has a row for each person")
    }
    name = table.name
    entries = []
    entries.reserveCapacity(table.rows.count)
    var lines: [String: Int] = [:]
    var times = TimeParser(zone: timeZone)
    for (row, line) in zip(table.rows, table.lines) {
      let id = row[identifier]
      guard !id.isEmpty else {
        throw IngestionError(.unusable, "\(table.name):\(line): column '\(table.header[identifier])' is empty")
      }
      if let first = lines[id] {
        throw IngestionError(
          .unusable,
          "\(table.name):\(line): '\(id)' stands in line \(first) already; a roster has one row for each person")
      }
      lines[id] = line
      var entry = Entry(id: id)
      for (column, field) in zip(table.header, row) where !field.isEmpty {
        switch column {
        case "manager", "partner": break
        case "calendar": entry.calendar = field
        case "from": entry.from = try Self.time(field, "from", &times, isEnd: false, "\(table.name):\(line)")
        case "until": entry.until = try Self.time(field, "until", &times, isEnd: true, "\(table.name):\(line)")
        default: entry.attributes[column.composed] = field.composed
        }
      }
      if entry.endsBeforeItBegins {
        throw IngestionError(.unusable, "\(table.name):\(line): 'until' lies before 'from'")
      }
      entries.append(entry)
    }
  }

  private static func time(
    _ text: String, _ column: String, _ times: inout TimeParser, isEnd: Bool, _ place: String
  ) throws(IngestionError) -> Instant {
    let fixed = FixedBytes(text)
    // Someone who is there until a day is there on that day.
    let instant = withExtendedLifetime(fixed) {
      isEnd ? times.end(fixed.bytes)?.instant : times.instant(fixed.bytes)
    }
    guard let instant else {
      throw IngestionError(
        .unusable, "\(place): column '\(column)': '\(text)' isn't a date or time; expected one such as 2026-01-31")
    }
    return instant
  }
}
