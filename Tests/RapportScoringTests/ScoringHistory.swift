import RapportIngestion
import RapportTestSupport

@testable import RapportScoring

/// The history of a log by hand, as of a moment.
func history(
  _ log: EventLog, asOf: String? = nil, _ change: (inout HistoryOptions) -> Void = { _ in }
) throws -> History {
  var options = HistoryOptions(runStart: EventLog.instant("2030-01-01"))
  options.asOf = asOf.map { EventLog.instant($0) }
  change(&options)
  return try log.ledger.history(options)
}

/// Options with few draws, so that a test costs little.
let quick: AssessmentOptions = {
  var options = AssessmentOptions()
  options.draws = 200
  return options
}()

extension History {
  func level(_ kind: Level.Kind) -> Level { Level(kind, pairs: PairTable(self)) }

  /// Without a timing model.
  func indicators(_ kind: Level.Kind) -> MonthlyIndicators { MonthlyIndicators(self, nil, level(kind), options: quick) }
}

extension IndicatorEvidence {
  /// A raw count by name, one number per unit.
  func detail(_ name: String) -> [Double?] { details.first { $0.name == name }?.values ?? [] }
}
