import Glibc
import RapportNumerics
import RapportScoring

/// The queue-choice model in words: what partners go by when they pick the next request.
public enum ChoiceWords {
  /// What one column does to the odds of being picked next.
  struct Effect: Sendable {
    /// As in `a request that is overdue`.
    var subject: String
    /// What it is compared with where that isn't plain, as in `normal`.
    var reference: String?
    /// Odds against a request like the reference, or else one that isn't so, over all partners, with the ends of the 90 % interval.
    var odds: Double
    var low: Double
    var high: Double
    /// Four in five partners lie between these.
    var partnersLow: Double
    var partnersHigh: Double
  }

  private static let z = 1.6449
  private static let mostPartners = 1.2816

  /// In the order of the model.
  static func effects(_ summary: ChoiceSummary) -> [Effect] {
    // Where requests were passed on the partner's own wait is shorter than the request's; without a calendar there is one kind of hour.
    let arePassedOn = summary.coefficients.contains { $0.name == "longestHere" }
    let wait =
      "a request that \(arePassedOn ? "this partner has had" : "has waited") twice as long"
      + (summary.workingCalendar ? " in working hours" : "")
    return summary.coefficients.map { coefficient in
      let (subject, reference, unit) = subject(coefficient.name, summary.references, wait: wait)
      func odds(_ deviations: Double) -> Double { exp(unit * (coefficient.estimate + deviations)) }
      let (error, spread) = (z * coefficient.standardError, mostPartners * coefficient.deviationOfPartners)
      return Effect(
        subject: subject, reference: reference, odds: odds(0), low: odds(-error), high: odds(error),
        partnersLow: odds(-spread), partnersHigh: odds(spread))
    }
  }

  /// What is said in place of effects where there are none.
  static let nothingInCommon =
    "What partners have in common can't be told of fewer than three with \(QueueChoiceModel().fewestSets) picks from queues each; each "
    + "partner's own way is held equal all the same."

  /// What matters most: effects of at least 1.25 either way whose interval leaves out 1, largest first.
  public static func sentences(_ summary: ChoiceSummary, limit: Int = 6) -> [String] {
    effects(summary).enumerated()
      .filter { max($1.odds, 1 / $1.odds) >= RatioInterval.material && ($1.low > 1 || $1.high < 1) }
      .sorted { a, b in
        let (x, y) = (abs(log(a.element.odds)), abs(log(b.element.odds)))
        return x != y ? x > y : a.offset < b.offset
      }
      .prefix(limit).map { _, effect in
        "\(effect.subject.prefix(1).uppercased())\(effect.subject.dropFirst())"
          + (effect.reference.map { ", compared with \($0)," } ?? "") + " has \(Figure.factor(effect.odds)) times the "
          + "odds of being picked next (90 % interval \(Figure.limits(effect.low, effect.high)))."
      }
  }

  /// Why there are no choices to show.
  public static func obstacle(_ obstacle: ChoiceObstacle) -> String {
    switch obstacle {
    case .resolution: "times are too coarse, or too many replies share a stamp, to tell what was picked before what"
    case .noQueue: "the partner never had two managers' requests open at once when one was picked"
    case .noChoice: "no such pick was made from a queue in which both this manager's and another's requests stood"
    case .notConverged: "the model of this partner's choices did not converge"
    }
  }

  /// What a column is about, and what its coefficient is multiplied by for a change that can be pictured.
  ///
  /// - Parameter wait: what the partner's own wait is about.
  private static func subject(
    _ name: String, _ references: [String: String], wait: String
  ) -> (text: String, reference: String?, unit: Double) {
    let twice = log(2.0)
    switch name {
    case "logWorkingWait": return (wait, nil, twice)
    case "logElapsedWait": return ("a request that was made twice as long ago", nil, twice)
    case "expectedEffort": return ("a request with a topic that usually takes twice as long", nil, twice)
    case "oldest": return ("the oldest of \(Int(ChoiceSummary.usualLength)) requests", nil, 1)
    case "logLengthIfOldest": return ("the oldest request, in a queue twice as long,", nil, twice)
    case "oldestOfTopic": return ("the oldest request with its topic", nil, 1)
    case "oldestOfPriority": return ("the oldest request with its priority", nil, 1)
    case "newest": return ("the newest of \(Int(ChoiceSummary.usualLength)) requests", nil, 1)
    case "logLengthIfNewest": return ("the newest request, in a queue twice as long,", nil, twice)
    case "longestHere": return ("the request that has been the partner's for longest", nil, 1)
    // Whoever moves the one moves the other, so neither says by itself what a later target does.
    case "logTimeToTarget":
      let subject =
        "a request whose target is twice as far off, on top of what the added days do (both change together)"
      return (subject, nil, twice)
    case "daysToTarget":
      let subject =
        "a request whose target is a day further off, on top of what so many times as far does (both change together)"
      return (subject, nil, 1)
    case "earliestTarget": return ("the request whose target comes first", nil, 1)
    // Time to the target is 0 both without one and at the moment when one is due.
    case "withoutTarget": return ("a request without a target", "one that is due now", 1)
    case "escalated": return ("a request that has been escalated", nil, 1)
    case "overdue": return ("a request that is overdue", nil, 1)
    case "sameTopic": return ("a request with the topic that was picked before", nil, 1)
    case "sameManager": return ("a request of the manager who was answered before", nil, 1)
    default:
      guard let sign = name.firstIndex(of: "=") else { return ("a request with \(name)", nil, 1) }
      let category = String(name[..<sign])
      return ("a request with \(category) \(name[name.index(after: sign)...])", references[category], 1)
    }
  }
}
