/// What was read, what was refused and why, and what looks odd: the data-quality report as a value.
public struct DataQuality: Codable, Sendable, Equatable {
  /// A few places where something was found.
  public struct Finding: Codable, Sendable, Equatable {
    public var count: Int
    /// The first few in the order of inputs and lines; empty where none can be named.
    public var examples: [Example]
    /// What it means and what to do about it, in a sentence.
    public var advice: String
    public init(count: Int, examples: [Example] = [], advice: String = "") {
      self.count = count
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

  public var rowsRead = 0
  public var eventsUsed = 0
  /// Refused rows by reason.
  public var rejected: [String: Int] = [:]
  public var duplicates = 0
  public var requests = Requests()
  /// Refused rows by reason, with places and cures.
  public var rejections: [String: Finding] = [:]
  /// What was used but looks odd, by name: lateEntry, outOfOrder, orphanResponse, bulkClosing, selfConfirmed, ….
  public var observations: [String: Finding] = [:]
  /// Events used, by kind.
  public var kinds: [String: Int] = [:]
  /// Columns that the input has and Rapport doesn't use.
  public var ignoredColumns: [String] = []
  /// What could not be computed from this input, and why.
  public var notes: [String] = []
  public init() {}

  /// Of ``rejected``, the reasons for which a row as a whole can't be used: what `--max-bad` is about.
  public var refused: [String: Int] { rejected.filter { RejectReason(rawValue: $0.key)?.consequence == .refused } }
  /// How many rows can't be used.
  public var rowsRefused: Int { refused.values.reduce(0, +) }
}
