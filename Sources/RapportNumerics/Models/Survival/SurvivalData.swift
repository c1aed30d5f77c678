/// Times to an event, with all that a model of hazards may need to know of each row.
///
/// A row is at risk from just after its entry up to its exit, (entry, exit]; at its exit the event happens or the row is
/// censored. A subject whose covariates change has several rows, one after the other.
public struct SurvivalData: Sendable, Equatable {
  /// When each row leaves; finite.
  public var exits: [Double]
  /// Whether the event happens at the exit.
  public var events: [Bool]
  /// When each row comes under observation, before its exit; `nil`: before anything happens.
  public var entries: [Double]?
  /// Rows are compared within a stratum only; any numbers. `nil`: one stratum.
  public var strata: [Int32]?
  /// Rows of one cluster needn't be independent; any numbers. Given, errors robust to that are worked out.
  public var clusters: [Int32]?
  /// How many rows each row stands for; 0 leaves it out. `nil`: one each.
  public var weights: [Double]?
  /// A part of each row's log hazard that is known. `nil`: 0.
  public var offsets: [Double]?

  /// Rows with these exits and events, and whatever else is known.
  public init(
    exits: [Double], events: [Bool], entries: [Double]? = nil, strata: [Int32]? = nil, clusters: [Int32]? = nil,
    weights: [Double]? = nil, offsets: [Double]? = nil
  ) {
    self.exits = exits
    self.events = events
    self.entries = entries
    self.strata = strata
    self.clusters = clusters
    self.weights = weights
    self.offsets = offsets
  }

  /// How many rows there are.
  public var count: Int { exits.count }

  /// How much a row counts.
  func weight(_ row: Int) -> Double { weights?[row] ?? 1 }

  /// Expects columns of one length with defined values, exits after entries, and an event somewhere.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)``, with the row counted from one.
  func check() throws(NumericsError) {
    let lengths = [events.count, entries?.count, strata?.count, clusters?.count, weights?.count, offsets?.count]
    precondition(lengths.allSatisfy { $0 ?? count == count }, "columns of \(lengths) rows, expected \(count)")
    for row in 0..<count {
      guard exits[row].isFinite else {
        throw .invalidInput("the exit in row \(row + 1) is \(exits[row]), expected a finite number")
      }
      if let entry = entries?[row], !(entry < exits[row]) {
        throw .invalidInput("row \(row + 1) enters at \(entry) and leaves at \(exits[row]); it has to enter before")
      }
      if let weight = weights?[row], !(weight >= 0 && weight.isFinite) {
        throw .invalidInput("the weight in row \(row + 1) is \(weight), expected a finite number, 0 or more")
      }
      if let offset = offsets?[row], !offset.isFinite {
        throw .invalidInput("the offset in row \(row + 1) is \(offset), expected a finite number")
      }
    }
    guard (0..<count).contains(where: { events[$0] && weight($0) > 0 }) else {
      throw .invalidInput("no event among \(count) rows; a model of hazards needs at least one")
    }
  }
}
