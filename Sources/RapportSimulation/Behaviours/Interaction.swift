import Glibc
import RapportIngestion

/// One behaviour of a pair: the events that it leaves behind, and what their indicators are in the long run.
protocol Interaction: Sendable {
  var behaviour: Behaviour { get }

  /// Logs what the pair does over the period.
  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog)

  /// Expected events a month by kind and actor, while both are at work.
  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate]

  /// Long-run values of indicators, by name, for one manager from all pairs.
  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double]
}

/// Expected events a month.
struct ExpectedRate {
  var kind: EventKind
  var actor: Party
  var perMonth: Double

  init(_ kind: EventKind, by actor: Party, perMonth: Double) {
    self.kind = kind
    self.actor = actor
    self.perMonth = perMonth
  }
}

/// All behaviours of pairs, in the order in which they are played.
enum Interactions {
  static let all: [any Interaction] = [
    PartnerRequests(), CheckIns(), Commitments(), FeedbackLoops(), Ratings(), Recognitions(), Decisions(), Conflicts(),
    Goals(), Objections(), Trainings(), Concerns(),
  ]

  static func active(_ settings: SimulationSettings) -> [any Interaction] {
    all.filter { settings.behaviours.contains($0.behaviour) }
  }

  /// About how many rows a manager's month has.
  static func rowsPerManagerMonth(_ settings: SimulationSettings) -> Double {
    let perRequest = settings.behaviours.contains(.requests) ? 3.2 : 0
    let others: [Behaviour: Double] = [
      .partnerRequests: 3, .checkIns: 2.4, .commitments: 3.2, .feedback: 1.3, .surveys: 3, .recognition: 1.4,
      .decisions: 1.2, .conflicts: 0.5, .goals: 0.7, .objections: 0.7, .training: 0.4, .concerns: 0.03,
    ]
    // Summed in the order of the list: a dictionary's order is another one in every process.
    let rest = settings.behaviours.reduce(0.0) { $0 + (others[$1] ?? 0) }
    let away = settings.behaviours.contains(.absences) ? settings.absencesPerMonth : 0
    return max(0.1, perRequest * settings.requestsPerMonth + settings.activity * rest + away)
  }
}

extension Organisation {
  /// Moments at which something that happens `perMonth` times a month happens, on a manager's working clock.
  func moments(_ perMonth: Double, of pair: Pair, _ draws: inout Draws) -> [Int] {
    guard perMonth > 0 else { return [] }
    let clock = managers[pair.manager].clock
    let gap = monthWorkSeconds / perMonth
    var worked = Double(clock.worked(at: span.lowerBound))
    var found: [Int] = []
    while true {
      worked += gap * draws.exponential()
      guard let moment = clock.wall(worked: Int(worked)), moment < span.upperBound else { return found }
      found.append(moment)
    }
  }

  /// Likewise where the rate follows a trait over time: perMonth × exp(slope × level).
  func moments(
    _ perMonth: Double, slope: Double, _ trait: LatentTrait, of pair: Pair, _ draws: inout Draws
  ) -> [Int] {
    let highest = exp(abs(slope * pair.trend) / 2)
    let middle = exp(slope * pair.traits[trait.rawValue])
    return moments(perMonth * middle * highest, of: pair, &draws).filter { moment in
      let weight = exp(slope * (pair.level(trait, at: moment, in: span) - pair.traits[trait.rawValue]))
      return draws.chance(weight / highest)
    }
  }

  /// A pair's expected events a month of one kind, given those of its manager with all partners.
  func rate(_ perManagerMonth: Double, _ pair: Pair) -> Double { perManagerMonth * settings.activity * pair.share }
}

/// The mean of a value over pairs, weighted by how much of the manager's dealings each has.
func shareWeighted(_ pairs: [Pair], _ value: (Pair) -> Double) -> Double {
  pairs.reduce(0) { $0 + $1.share * value($1) } / pairs.reduce(0) { $0 + $1.share }
}
