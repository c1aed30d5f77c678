import RapportReporting

extension Configuration {
  /// Puts in one option of the command line, whose text a configuration file would give as a value.
  ///
  /// - Throws: ``RapportError`` of kind `usage` where there is no such setting, with the nearest, or the value doesn't fit.
  public mutating func set(option name: String, to value: JSONValue) throws(RapportError) {
    guard let setting = Setting.named(name) else {
      let names = Setting.all.map(\.name)
      // `calendar`, as the option is called, is no misspelling but a part of `default-calendar`.
      let whole = names.filter { $0.contains(name) }
      let hint =
        whole.count == 1 && !name.isEmpty ? "; did you mean '\(whole[0])'?" : Self.hint(for: name, among: names)
      throw RapportError(.usage, "no setting is called '\(name)'\(hint)")
    }
    if let complaint = take(value, for: setting) { throw RapportError(.usage, "--\(name): \(complaint)") }
    if name == "profile", let complaint = profile.flatMap(Profiles.complaint) {
      throw RapportError(.usage, "--profile: \(complaint)")
    }
    // An option goes over a file that says the contrary.
    if name == "verbose", verbose { quiet = false }
    if name == "quiet", quiet { verbose = false }
  }

  /// Puts in everything that a configuration file says; paths in it are relative to `folder`.
  ///
  /// - Throws: ``RapportError`` of kind `configuration` with the line: TOML that can't be read, an unknown key (and the
  ///   nearest known), a value that doesn't fit, a calendar that can't be laid out, both quiet and verbose.
  public mutating func read(_ text: String, name: String, folder: String = "") throws(RapportError) {
    let document = try TOMLDocument(text, name: name)
    guard case .object(let members) = document.root else { return }
    for (key, value) in members.sorted(by: { $0.key < $1.key }) {
      if key == "calendar" {
        try readCalendars(value, in: document)
        continue
      }
      guard let setting = Setting.named(key) else {
        let known = Setting.all.map(\.name) + ["calendar"]
        throw RapportError(
          .configuration,
          "\(document.place(of: [key])): key '\(key)' isn't known\(Self.hint(for: key, among: known))")
      }
      if let complaint = take(Self.resolved(value, of: key, against: folder), for: setting) {
        let shown = key == "default-calendar" ? document.defaultCalendarKey : key
        throw RapportError(.configuration, "\(document.place(of: [key])): \(shown): \(complaint)")
      }
    }
    if members["quiet"] == .bool(true), members["verbose"] == .bool(true) {
      throw RapportError(
        .configuration,
        "\(document.place(of: ["verbose"])): quiet and verbose contradict each other; leave one of them out")
    }
    if let calendar, calendars[calendar] == nil {
      throw RapportError(
        .configuration,
        "\(document.place(of: ["default-calendar"])): \(document.defaultCalendarKey): calendar '\(calendar)' isn't defined"
          + (calendars.isEmpty
            ? "; add [calendar.\(calendar)] with hours" : Self.hint(for: calendar, among: calendars.keys.sorted())))
    }
  }

  /// Takes a value in, or says what is wrong with it.
  private mutating func take(_ value: JSONValue, for setting: Setting) -> String? {
    do throws(IngestionError) {
      return try setting.read(&self, value) ? nil : "found \(Self.shown(value)), expected \(setting.expected)"
    } catch {
      return error.description
    }
  }

  private mutating func readCalendars(_ value: JSONValue, in document: TOMLDocument) throws(RapportError) {
    guard case .object(let definitions) = value else {
      throw RapportError(
        .configuration,
        "\(document.place(of: ["calendar"])): calendar: expected tables such as [calendar.office]; "
          + "default-calendar = \"office\" says which one holds where a roster names none")
    }
    for (name, definition) in definitions.sorted(by: { $0.key < $1.key }) {
      calendars[name] = try Self.calendar(definition, path: ["calendar", name], in: document)
    }
  }

  private static func calendar(_ value: JSONValue, path: [String], in document: TOMLDocument) throws(RapportError)
    -> CalendarSettings
  {
    var settings = CalendarSettings()
    func fail(_ path: [String], _ problem: String) -> RapportError {
      RapportError(.configuration, "\(document.place(of: path)): \(path.joined(separator: ".")): \(problem)")
    }
    guard case .object(let members) = value else { throw fail(path, "expected a table with hours and holidays") }
    for (key, member) in members.sorted(by: { $0.key < $1.key }) {
      switch (key, member) {
      case ("timezone", .string(let zone)): settings.timezone = zone
      case ("hours", .object(let days)):
        for (day, ranges) in days.sorted(by: { $0.key < $1.key }) {
          guard CalendarSettings.weekdays.contains(day) else {
            throw fail(
              path + ["hours", day],
              "weekday '\(day)' isn't known\(Self.hint(for: day, among: CalendarSettings.weekdays))")
          }
          guard let texts = texts(ranges) else {
            throw fail(path + ["hours", day], "found \(shown(ranges)), expected ranges such as [\"09:00-17:00\"]")
          }
          settings.hours[day] = texts
        }
      case ("holidays", _):
        guard let texts = texts(member) else {
          throw fail(path + ["holidays"], "found \(shown(member)), expected dates such as [2026-12-25]")
        }
        settings.holidays = texts
      case ("timezone", _), ("hours", _):
        throw fail(
          path + [key],
          "found \(shown(member)), expected "
            + (key == "timezone" ? "a time zone" : "a list of ranges for each weekday, such as hours.mon"))
      default:
        throw fail(
          path + [key], "key '\(key)' isn't known\(Self.hint(for: key, among: ["timezone", "hours", "holidays"]))")
      }
    }
    guard !settings.hours.isEmpty else { throw fail(path, "has no hours, such as hours.mon = [\"09:00-17:00\"]") }
    // Whether anybody uses it or not. The report's zone is checked by itself.
    let definition = CalendarDefinition(
      timezone: settings.timezone ?? "UTC", hours: settings.hours, holidays: settings.holidays)
    if let problem = definition.problem { throw fail(path + problem.key, problem.words) }
    return settings
  }

  /// The nearest known word, or all of them where none is near.
  private static func hint(for word: String, among words: [String]) -> String {
    let suggestion = NearestWord.suggestion(for: word, among: words)
    return suggestion.isEmpty ? "; known are \(words.sorted().joined(separator: ", "))" : suggestion
  }

  private static func texts(_ value: JSONValue) -> [String]? {
    guard case .array(let elements) = value else { return nil }
    var texts: [String] = []
    for element in elements {
      guard case .string(let text) = element else { return nil }
      texts.append(text)
    }
    return texts
  }

  private static func shown(_ value: JSONValue) -> String {
    if case .string(let text) = value { "'\(text)'" } else { value.text(indented: false) }
  }

  /// A value of `key` whose paths are relative to `folder`.
  private static func resolved(_ value: JSONValue, of key: String, against folder: String) -> JSONValue {
    switch (key, value) {
    case (_, .array(let elements)):
      return .array(elements.map { resolved($0, of: key, against: folder) })
    case ("roster", .string(let path)), ("ledger", .string(let path)), ("rejects", .string(let path)),
      ("output", .string(let path)), ("profile", .string(let path)):
      let isPath = key != "profile" || Profiles.isFile(path)
      return folder.isEmpty || !isPath || path.isEmpty || path.hasPrefix("/") ? value : .string("\(folder)/\(path)")
    default: return value
    }
  }

  /// The same with paths that mean the same files wherever it is read: those that aren't absolute are taken from `folder`.
  public func resolved(against folder: String) -> Configuration {
    func absolute(_ path: String) -> String {
      folder.isEmpty || path.hasPrefix("/") || path == "-"
        ? path : (folder.hasSuffix("/") ? folder : folder + "/") + path
    }
    var configuration = self
    configuration.rosters = rosters.map(absolute)
    configuration.ledgers = ledgers.map(absolute)
    configuration.rejects = rejects.map(absolute)
    configuration.output = output.map(absolute)
    configuration.profile = profile.map { Profiles.isFile($0) ? absolute($0) : $0 }
    return configuration
  }

  /// The effective configuration as TOML, which reads back as the same.
  public var toml: String {
    var text = ""
    for setting in Setting.all {
      if let value = setting.toml(self) {
        text += "\(setting.name) = \(value)\n"
      } else {
        text += "# \(setting.name): \(setting.expected)\n"
      }
    }
    for (name, calendar) in calendars.sorted(by: { $0.key < $1.key }) {
      text += "\n[calendar.\(tomlQuoted(name))]\n"
      if let timezone = calendar.timezone { text += "timezone = \(tomlQuoted(timezone))\n" }
      for day in CalendarSettings.weekdays {
        guard let ranges = calendar.hours[day] else { continue }
        text += "hours.\(day) = [\(ranges.map(tomlQuoted).joined(separator: ", "))]\n"
      }
      if !calendar.holidays.isEmpty {
        text += "holidays = [\(calendar.holidays.map(tomlQuoted).joined(separator: ", "))]\n"
      }
    }
    return text
  }

  /// The effective configuration as a tree, for the manifest; what isn't set is null.
  public var tree: JSONValue {
    var document: [String: JSONValue] = [:]
    var calendarTrees: [String: JSONValue] = [:]
    for setting in Setting.all { document[setting.name] = setting.toml(self).map(Self.value) ?? .null }
    for (name, calendar) in calendars {
      calendarTrees[name] = .object([
        "timezone": calendar.timezone.map { .string($0) } ?? .null,
        "hours": .object(calendar.hours.mapValues { .array($0.map { .string($0) }) }),
        "holidays": .array(calendar.holidays.map { .string($0) }),
      ])
    }
    document["calendar"] = .object(calendarTrees)
    return .object(document)
  }

  private static func value(ofTOML text: String) -> JSONValue {
    (try? TOMLDocument("value = \(text)", name: "value"))?.root["value"] ?? .string(text)
  }
}
