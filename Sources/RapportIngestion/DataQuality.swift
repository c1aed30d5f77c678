/// What was read, what was refused and why, and what looks odd: the data-quality report as a value.
public struct DataQuality: Codable, Sendable, Equatable {
  /// What becomes of that in which something was found.
  public enum Consequence: String, Codable, Sendable, CaseIterable {
    /// A row that can't be used; counts towards `--max-bad`.
    case refused
    /// A row or an event that can be read, but not scored; left out and counted.
    case leftOut
    /// A row that repeats another, and counts once with it; among ``DataQuality/duplicates``.
    case merged
    /// A row that is used without one of its values.
    case valueRemoved
    /// Used as it is.
    case used
  }

  /// A few places where something was found.
  public struct Finding: Codable, Sendable, Equatable {
    public var count: Int
    /// What becomes of them.
    public var consequence: Consequence
    /// The first few in the order of inputs and lines; empty where none can be named.
    public var examples: [Example]
    /// What it means and what to do about it, in a sentence.
    public var advice: String
    public init(count: Int, _ consequence: Consequence, examples: [Example] = [], advice: String = "") {
      self.count = count
      self.consequence = consequence
      self.examples = examples
      self.advice = advice
    }
  }
  /// Requests by what became of them; they add up to `total`.
  public struct Requests: Codable, Sendable, Equatable {
    public var total = 0
    public var answered = 0
    public var open = 0
    public var withdrawn = 0
    /// Reassignments (spells that ended by one); not part of the sum.
    public var reassigned = 0
    /// Open requests that no partner holds.
    public var unassigned = 0
    /// Requests that came as one row each, which names the last of their partners only.
    public var tabular = 0
    public init() {}
  }

  /// Rows that were read, but for up to four that ``confidential`` lacks.
  public var rowsRead = 0
  /// Those of ``kinds`` and ``confidential`` ones.
  public var eventsUsed = 0
  /// Rows and values that can't be used, by reason.
  public var rejected: [String: Int] = [:]
  public var duplicates = 0
  /// Rows of case tables that tell a request in the state in which another row tells it, or in an earlier one, as exports that
  /// overlap do; what other rows tell is used.
  public var superseded = 0
  public var requests = Requests()
  /// Identifiers of managers and of partners in the events that are used.
  public var managers = 0
  public var partners = 0
  /// Rows and values that can't be used, by reason, with places and cures.
  public var rejections: [String: Finding] = [:]
  /// What looks odd beside other events, by name: lateEntry, outOfOrder, orphanResponse, bulkClosing, selfConfirmed, ….
  public var observations: [String: Finding] = [:]
  /// Events used, by kind, but for those that are ``confidential``.
  public var kinds: [String: Int] = [:]
  /// Concerns, escalations by protected channels and anonymous ratings, all together and in whole ``confidentialGroup``s: how many
  /// were said in protection, or set aside, is nowhere told, and can't be found by taking what is told from what was read. Those after
  /// as-of are among them: reports as of two moments would date a single one.
  public var confidential = 0
  /// Fewer confidential events than this are told nowhere, and more in multiples of it.
  public static let confidentialGroup = 5
  /// Columns that the input has and Rapport doesn't use.
  public var ignoredColumns: [String] = []
  /// What could not be computed from this input, and why.
  public var notes: [String] = []
  public init() {}

  /// How many rows can't be used: what `--max-bad` is about.
  public var rowsRefused: Int { rows(.refused) }
  /// How many rows are left out for what they say.
  public var rowsLeftOut: Int { rows(.leftOut) }
  /// How many events of other rows are left out for how they stand beside others: `eventsUsed` doesn't count them.
  public var eventsLeftOut: Int {
    observations.values.reduce(0) { $0 + ($1.consequence == .leftOut ? $1.count : 0) }
  }

  private func rows(_ consequence: Consequence) -> Int {
    rejected.reduce(0) { $0 + (RejectReason(rawValue: $1.key)?.consequence == consequence ? $1.value : 0) }
  }

  /// What was found and has this consequence, most frequent first, ties by name.
  public func findings(_ consequence: Consequence) -> [(name: String, finding: Finding)] {
    (Array(rejections) + Array(observations)).filter { $0.value.consequence == consequence && $0.value.count > 0 }
      .map { (name: $0.key, finding: $0.value) }
      .sorted { ($1.finding.count, $0.name) < ($0.finding.count, $1.name) }
  }
}
