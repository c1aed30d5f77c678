/// How a foreign export says what the contract says: column names, values, time formats.
///
/// A plain value; `rapport` reads it from TOML with these keys:
///
///     name = "our-desk"
///     description = "Cases of our HR desk"
///     timezone = "Europe/Paris"                     # of times without offset, where no --timezone is given
///     time-formats = ["d/m/Y H:M"]                  # tried in order, before ISO 8601 and Unix seconds
///     nulls = ["?", "N/A"]                          # words that mean "no value"
///     [columns]
///     manager = "Requester"
///     partner = ["Agent", "Assignee"]               # the first one that the header has
///     [constants]
///     kind = "request"                              # the same in every row
///     [values.kind]
///     "Ticket created" = "request"
///     "*" = ""                                      # any other value: not an event, left out and counted
public struct Profile: Sendable, Equatable, Codable {
  /// One foreign column, or several of which the first that the header has counts.
  public struct Names: Sendable, Equatable, Codable, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
    /// In the order of preference.
    public var names: [String]
    /// In the order of preference.
    public init(_ names: [String]) { self.names = names }
    /// In the order of preference.
    public init(arrayLiteral elements: String...) { names = elements }
    /// One foreign column.
    public init(stringLiteral value: String) { names = [value] }
    /// A word, or a list of words.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let name = try? container.decode(String.self) {
        names = [name]
      } else {
        names = try container.decode([String].self)
      }
    }
    /// A word where there is one, else a list.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if names.count == 1 { try container.encode(names[0]) } else { try container.encode(names) }
    }
  }

  /// What `--profile` calls it.
  public var name: String
  /// What it is for, in a sentence.
  public var description = ""
  /// The zone of times without offset.
  public var timezone: String?
  /// Formats of times, tried in order before the contract's own; letters as in ``TimeFormat``.
  public var timeFormats: [String] = []
  /// Words that mean "no value".
  public var nulls: [String] = []
  /// Contract column → foreign columns.
  public var columns: [String: Names] = [:]
  /// Contract column → its value in every row.
  public var constants: [String: String] = [:]
  /// Contract column → foreign value → contract value; `*` stands for any other value, an empty contract value leaves
  /// the row out.
  public var values: [String: [String: String]] = [:]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, description, timezone
    case timeFormats = "time-formats"
    case nulls, columns, constants, values
  }

  /// The keys that a profile's file may have.
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }

  /// A profile whose every other part has its default.
  public init(
    name: String, description: String = "", timezone: String? = nil, timeFormats: [String] = [], nulls: [String] = [],
    columns: [String: Names] = [:], constants: [String: String] = [:], values: [String: [String: String]] = [:]
  ) {
    self.name = name
    self.description = description
    self.timezone = timezone
    self.timeFormats = timeFormats
    self.nulls = nulls
    self.columns = columns
    self.constants = constants
    self.values = values
  }

  /// Keys that are absent have their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    description = try container.decodeIfPresent(String.self, forKey: .description) ?? ""
    timezone = try container.decodeIfPresent(String.self, forKey: .timezone)
    timeFormats = try container.decodeIfPresent([String].self, forKey: .timeFormats) ?? []
    nulls = try container.decodeIfPresent([String].self, forKey: .nulls) ?? []
    columns = try container.decodeIfPresent([String: Names].self, forKey: .columns) ?? [:]
    constants = try container.decodeIfPresent([String: String].self, forKey: .constants) ?? [:]
    values = try container.decodeIfPresent([String: [String: String]].self, forKey: .values) ?? [:]
  }

  /// Checks that every contract name exists and every format can be read.
  ///
  /// - Throws: ``IngestionError`` of kind `configuration` with the key and the nearest valid word.
  public func validate() throws(IngestionError) {
    let known = ContractColumn.allCases.map(\.rawValue)
    for (table, names) in [
      ("columns", columns.keys.sorted()), ("constants", constants.keys.sorted()), ("values", values.keys.sorted()),
    ] {
      for name in names where !known.contains(name) {
        throw IngestionError(
          .configuration,
          "profile '\(self.name)', [\(table)]: the contract has no column '\(name)'"
            + NearestWord.suggestion(for: name, among: known))
      }
    }
    for format in timeFormats where TimeFormat(format) == nil {
      throw IngestionError(
        .configuration,
        "profile '\(name)', time-formats: '\(format)' can't be read; \(TimeFormat.expected)")
    }
    // ISO 8601 is tried after them, and can't be left out.
    for (place, format) in (timeFormats + ["Y-m-d"]).enumerated() {
      guard let swapped = TimeFormat(format)?.dateWithDayAndMonthSwapped,
        let other = timeFormats[..<place].first(where: { TimeFormat($0)?.datePattern == swapped })
      else { continue }
      throw IngestionError(
        .configuration,
        "profile '\(name)', time-formats: '\(other)' and '\(format)' read one date as two days, and would be mixed within a column; "
          + "keep the one that the export writes, and make a profile for each where exports differ")
    }
    if let kinds = values["kind"] {
      let valid = EventKind.allCases.map(\.rawValue)
      for kind in kinds.values.sorted() where !kind.isEmpty && !valid.contains(kind) {
        throw IngestionError(
          .configuration,
          "profile '\(name)', [values.kind]: '\(kind)' isn't a kind\(NearestWord.suggestion(for: kind, among: valid))")
      }
    }
    if let timezone { _ = try TimeZoneRules(named: timezone) }
  }
}
