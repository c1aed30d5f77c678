import RapportReporting

/// One thing that can be set: its name, the same as option and as key, how it is read, and how it is written back.
///
/// A new setting is a property of ``Configuration`` and a line in ``all``.
struct Setting: Sendable {
  let name: String
  /// What it takes, for messages: `days, more than 0`.
  let expected: String
  /// Puts the value in, or returns false where it doesn't fit.
  let read: @Sendable (inout Configuration, JSONValue) throws(IngestionError) -> Bool
  /// The effective value as TOML; `nil` where nothing is set.
  let toml: @Sendable (Configuration) -> String?

  static let all: [Setting] = [
    text("profile", "a profile's name or a TOML file", \.profile) { text throws(IngestionError) in
      // A file is looked for when it is read, or where the command line names it.
      if !Profiles.isFile(text), let complaint = Profiles.complaint(about: text) {
        throw IngestionError(.configuration, complaint)
      }
    },
    Setting(name: "map", expected: "pairs such as \"case=number,opened=opened_at\", or a table") {
      (configuration, value) throws(IngestionError) in
      try readMapping(value, into: &configuration)
    } toml: { configuration in
      let columns = configuration.mapping.columns.sorted { $0.key.rawValue < $1.key.rawValue }
      guard !columns.isEmpty else { return nil }
      return "{ \(columns.map { "\($0.key.rawValue) = \(tomlQuoted($0.value))" }.joined(separator: ", ")) }"
    },
    list("roster", "a file, or a list of files", \.rosters),
    list("ledger", "a file, or a list of files", \.ledgers),
    text("timezone", "a time zone such as \"Europe/London\"", \.timezone) { text throws(IngestionError) in
      _ = try TimeZoneRules(named: text)
    },
    text("default-calendar", "the name of a [calendar.NAME]", \.calendar),
    text("as-of", moment, \.asOf) { text throws(IngestionError) in
      if Instant(parsing: text, in: .utc) == nil {
        throw IngestionError(.configuration, "found '\(text)', expected \(moment)")
      }
    },
    number("max-bad", "a percentage from 0 to 100", \.maxBad) { (0...100).contains($0) },
    text("rejects", "a file to write", \.rejects),
    whole("chunk-bytes", "a number of bytes, at least 64", \.chunkBytes) { $0 >= 64 },
    Setting(
      name: "by",
      expected: "one of \(RankedScore.allCases.map { Wording.spelled($0.rawValue) }.joined(separator: ", "))"
    ) { (configuration, value) throws(IngestionError) in
      configuration.rankBy = try word(value, among: RankedScore.allCases.map { (Wording.spelled($0.rawValue), $0) })
      return true
    } toml: {
      tomlQuoted(Wording.spelled($0.rankBy.rawValue))
    },
    Setting(name: "interval", expected: "a share from 0.5 to 0.999, or 50% to 99.9%") { configuration, value in
      guard let number = numeric(value, percentIsHundredth: true), AssessmentOptions.isInterval(number) else {
        return false
      }
      configuration.interval = number
      return true
    } toml: {
      JSONValue.number($0.interval).text(indented: false)
    },
    number("follow-up", "a number of days, more than 0, at most 3660", \.followUpDays) {
      AssessmentOptions.isFollowUp(days: $0)
    },
    number("half-life", "a number of days, more than 0", \.halfLifeDays) { AssessmentOptions.isHalfLife(days: $0) },
    number("asymmetry", "a weight from 1 to 10", \.asymmetry) { AssessmentOptions.isAsymmetry($0) },
    Setting(name: "survey-scale", expected: "two numbers such as \"1-5\", the lower first") { configuration, value in
      let ends: [Double?] =
        if case .string(let text) = value { scaleEnds(text) } else { value.elements.map { numeric($0) } }
      guard ends.count == 2, let low = ends[0], let high = ends[1],
        AssessmentOptions.isSurveyScale(low: low, high: high)
      else { return false }
      configuration.surveyScale = low...high
      return true
    } toml: { configuration in
      configuration.surveyScale.map { "[\(tomlNumber($0.lowerBound)), \(tomlNumber($0.upperBound))]" }
    },
    Setting(name: "weights", expected: "pairs such as \"responsiveness=2,conflict=0.5\", or a table") {
      (configuration, value) throws(IngestionError) in
      var given: [(name: String, weight: Double)] = []
      switch value {
      case .object(let members): given = members.sorted { $0.key < $1.key }.map { ($0.key, numeric($0.value) ?? .nan) }
      default:
        guard let texts = pairs(value) else { return false }
        given = texts.map { ($0.name, Double($0.text) ?? .nan) }
      }
      var weights: [String: Double] = [:]
      for (name, weight) in given {
        let domain = camelCased(name)
        guard weights[domain] == nil else { throw IngestionError(.configuration, "'\(name)' is named twice") }
        weights[domain] = weight
      }
      for name in weights.keys.sorted() where !domains.contains(name) {
        throw unknown(Wording.spelled(name), "a domain", among: domains.map(Wording.spelled).sorted())
      }
      guard weights.values.allSatisfy(AssessmentOptions.isWeight) else { return false }
      configuration.weights = weights
      return true
    } toml: { configuration in
      guard !configuration.weights.isEmpty else { return nil }
      let pairs = configuration.weights.sorted { $0.key < $1.key }.map { "\(Wording.spelled($0)) = \(tomlNumber($1))" }
      return "{ \(pairs.joined(separator: ", ")) }"
    },
    whole("draws", "a whole number from 100 to 100000", \.draws) { AssessmentOptions.drawCounts.contains($0) },
    whole("bootstrap", "a whole number from 0 to 100000", \.bootstrap) {
      AssessmentOptions.bootstrapCounts.contains($0)
    },
    Setting(name: "seed", expected: "a whole number, 0 or more") { configuration, value in
      switch value {
      case .integer(let number):
        guard let seed = UInt64(exactly: number) else { return false }
        configuration.seed = seed
      case .string(let text):
        guard let seed = UInt64(text) else { return false }
        configuration.seed = seed
      default: return false
      }
      return true
    } toml: {
      // TOML's whole numbers end at 2⁶³ − 1; texts are read as well.
      Int64(exactly: $0.seed) == nil ? tomlQuoted(String($0.seed)) : String($0.seed)
    },
    // What nobody asked for is another number on another machine, and so isn't written back.
    Setting(name: "threads", expected: "a whole number from 1 to 1024") { configuration, value in
      guard let number = wholeNumber(value), (1...1024).contains(number) else { return false }
      configuration.threads = number
      return true
    } toml: {
      $0.threadsAsked.map { "\($0)" }
    },
    Setting(name: "format", expected: "one of table, csv, json") { (configuration, value) throws(IngestionError) in
      configuration.format = try word(value, among: Configuration.Format.allCases.map { ($0.rawValue, $0) })
      return true
    } toml: {
      tomlQuoted($0.format.rawValue)
    },
    Setting(name: "color", expected: "one of auto, always, never") { (configuration, value) throws(IngestionError) in
      configuration.color = try word(value, among: Configuration.ColorChoice.allCases.map { ($0.rawValue, $0) })
      return true
    } toml: {
      tomlQuoted($0.color.rawValue)
    },
    flag("spreadsheet-safe", \.spreadsheetSafe),
    text("output", "a folder to write", \.output),
    flag("quiet", \.quiet),
    flag("verbose", \.verbose),
  ]

  /// The setting of this name.
  static func named(_ name: String) -> Setting? { all.first { $0.name == name } }

  /// The domains that may be weighted.
  static let domains: Set<String> = [
    "responsiveness", "consistency", "followThrough", "communication", "conflict", "alignment", "recognition",
    "development", "voice",
  ]

  /// `followThrough` for `follow-through`.
  static func camelCased(_ name: String) -> String {
    let parts = name.split(whereSeparator: { $0 == "-" || $0 == "_" })
    return parts.dropFirst().reduce(String(parts.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
  }

  // MARK: Kinds of settings

  /// - Parameter check: throws what is wrong with a text, beyond its being empty.
  private static func text(
    _ name: String, _ expected: String, _ path: WritableKeyPath<Configuration, String?> & Sendable,
    _ check: @escaping @Sendable (String) throws(IngestionError) -> Void = { _ in }
  ) -> Setting {
    Setting(name: name, expected: expected) { (configuration, value) throws(IngestionError) in
      guard case .string(let text) = value, !text.isEmpty else { return false }
      try check(text)
      configuration[keyPath: path] = text
      return true
    } toml: {
      $0[keyPath: path].map(tomlQuoted)
    }
  }

  private static func list(
    _ name: String, _ expected: String, _ path: WritableKeyPath<Configuration, [String]> & Sendable
  ) -> Setting {
    Setting(name: name, expected: expected) { configuration, value in
      var texts: [String] = []
      for element in value.elements.isEmpty ? [value] : value.elements {
        guard case .string(let text) = element, !text.isEmpty else { return false }
        texts.append(text)
      }
      configuration[keyPath: path] = texts
      return true
    } toml: { configuration in
      let texts = configuration[keyPath: path]
      return texts.isEmpty ? nil : "[\(texts.map(tomlQuoted).joined(separator: ", "))]"
    }
  }

  private static func number(
    _ name: String, _ expected: String, _ path: WritableKeyPath<Configuration, Double> & Sendable,
    _ isValid: @escaping @Sendable (Double) -> Bool
  ) -> Setting {
    Setting(name: name, expected: expected) { configuration, value in
      guard let number = numeric(value), isValid(number) else { return false }
      configuration[keyPath: path] = number
      return true
    } toml: {
      tomlNumber($0[keyPath: path])
    }
  }

  private static func whole(
    _ name: String, _ expected: String, _ path: WritableKeyPath<Configuration, Int> & Sendable,
    _ isValid: @escaping @Sendable (Int) -> Bool
  ) -> Setting {
    Setting(name: name, expected: expected) { configuration, value in
      guard let number = wholeNumber(value), isValid(number) else { return false }
      configuration[keyPath: path] = number
      return true
    } toml: {
      String($0[keyPath: path])
    }
  }

  private static func flag(_ name: String, _ path: WritableKeyPath<Configuration, Bool> & Sendable) -> Setting {
    Setting(name: name, expected: "true or false") { configuration, value in
      guard case .bool(let flag) = value else { return false }
      configuration[keyPath: path] = flag
      return true
    } toml: {
      $0[keyPath: path] ? "true" : "false"
    }
  }

  // MARK: Values

  /// What `as-of` takes.
  static let moment = "a date, or a date and time, as in 2026-06-30T18:00"

  /// The meaning of one of a few words.
  ///
  /// - Throws: which word isn't known, and the nearest or all that are.
  private static func word<Meaning>(
    _ value: JSONValue, among words: [(name: String, meaning: Meaning)]
  ) throws(IngestionError) -> Meaning {
    let found = if case .string(let text) = value { text } else { value.text(indented: false) }
    let spelling = Wording.spelled(camelCased(found))
    guard let match = words.first(where: { $0.name == found || $0.name == spelling }) else {
      throw IngestionError(
        .configuration,
        "found '\(found)', expected one of \(words.map(\.name).joined(separator: ", "))"
          + NearestWord.suggestion(for: found, among: words.map(\.name)))
    }
    return match.meaning
  }

  private static func unknown(_ word: String, _ what: String, among words: [String]) -> IngestionError {
    IngestionError(
      .configuration,
      "'\(word)' isn't \(what); known are \(words.joined(separator: ", "))"
        + NearestWord.suggestion(for: word, among: words))
  }

  /// The two ends of a scale such as `1-5` or `-2-3`: cut at the first hyphen behind a digit.
  private static func scaleEnds(_ text: String) -> [Double?] {
    let cut = text.indices.dropFirst().first { text[$0] == "-" && text[text.index(before: $0)].isWholeNumber }
    guard let cut else { return [] }
    return [Double(text[..<cut]), Double(text[text.index(after: cut)...])]
  }

  /// A number, also as text (`1.5`) and as a percentage (`1%` is 1, or 0.01 where asked).
  private static func numeric(_ value: JSONValue, percentIsHundredth: Bool = false) -> Double? {
    switch value {
    case .integer(let number): return Double(number)
    case .number(let number): return number.isFinite ? number : nil
    case .string(let text):
      let isPercent = text.hasSuffix("%")
      let digits = (isPercent ? text.dropLast() : text[...]).filter { $0 != " " }
      guard let number = Double(digits), number.isFinite else { return nil }
      return isPercent && percentIsHundredth ? number / 100 : number
    default: return nil
    }
  }

  /// A whole number, also as text.
  private static func wholeNumber(_ value: JSONValue) -> Int? {
    switch value {
    case .integer(let number): Int(number)
    case .string(let text): Int(text)
    default: nil
    }
  }

  /// A table of contract columns, or the text that `--map` takes; several texts join.
  private static func readMapping(_ value: JSONValue, into configuration: inout Configuration) throws(IngestionError)
    -> Bool
  {
    switch value {
    case .string(let text):
      let more = try ColumnMapping(parsing: text)
      configuration.mapping.columns.merge(more.columns) { $1 }
    case .array(let elements):
      for element in elements {
        guard try readMapping(element, into: &configuration) else { return false }
      }
    case .object(let members):
      for (name, member) in members.sorted(by: { $0.key < $1.key }) {
        guard case .string(let foreign) = member else { return false }
        guard let column = ContractColumn(rawValue: name) else {
          throw IngestionError(.configuration, ColumnMapping.unknown(name))
        }
        configuration.mapping.columns[column] = foreign
      }
    default: return false
    }
    return true
  }

  /// `a=b,c=d`, or a list of such, in this order.
  private static func pairs(_ value: JSONValue) -> [(name: String, text: String)]? {
    var result: [(name: String, text: String)] = []
    switch value {
    case .array(let elements):
      for element in elements {
        guard let more = pairs(element) else { return nil }
        result += more
      }
    case .string(let text):
      for pair in text.split(separator: ",") {
        guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else { return nil }
        let foreign = pair[pair.index(after: equals)...]
        guard !foreign.isEmpty else { return nil }
        result.append((trimmed(pair[..<equals]), trimmed(foreign)))
      }
      if result.isEmpty { return nil }
    default: return nil
    }
    return result
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  private static func tomlNumber(_ number: Double) -> String { JSONValue.number(number).text(indented: false) }
}
