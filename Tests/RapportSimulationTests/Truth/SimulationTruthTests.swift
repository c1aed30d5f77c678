import Glibc
import RapportIngestion
import Testing

@testable import RapportSimulation

/// The truth's formulas against plain counts over the rows of a long log: thirty years of few managers.
@Suite struct SimulationTruthTests {
  static let organisation: SimulatedOrganisation = {
    var settings = SimulationSettings()
    settings.managers = 6
    settings.partners = 3
    settings.months = 360
    settings.activity = 1
    settings.requestsPerMonth = 3
    settings.absencesPerMonth = 0
    settings.turnover = 0
    settings.trendShare = 0
    settings.referenceRequests = 1000
    settings.startDate = "1995-01-01"
    return try! simulate(settings)
  }()

  static func truth(_ name: String) -> [Double] { organisation.truth.managers.map { $0.indicators[name]! } }

  /// Successes and trials by manager.
  struct Shares {
    var successes = [Double](repeating: 0, count: 6)
    var trials = [Double](repeating: 0, count: 6)
    mutating func add(_ manager: Int32, _ success: Bool) {
      trials[Int(manager)] += 1
      if success { successes[Int(manager)] += 1 }
    }
    /// Every manager's share lies within four standard errors of the truth, plus a stated bias.
    func expect(_ name: String, bias: Double = 0.005, sourceLocation: SourceLocation = #_sourceLocation) {
      for (m, truth) in SimulationTruthTests.truth(name).enumerated() {
        let share = successes[m] / trials[m]
        let tolerance = 4 * (truth * (1 - truth) / trials[m]).squareRoot() + bias
        #expect(abs(share - truth) < tolerance, "\(name) of manager \(m)", sourceLocation: sourceLocation)
      }
    }
  }

  static func cases(_ family: CaseFamily) -> [[SimulatedEvent]] {
    var cases: [Int32: [SimulatedEvent]] = [:]
    for event in organisation.events where event.caseNumber >= 0 && event.kind.family == family {
      cases[event.caseNumber, default: []].append(event)
    }
    // The last year's cases may still be open.
    let recent = organisation.organisation.span.upperBound - 365 * 86_400
    return cases.sorted { $0.key < $1.key }.map(\.value).filter { $0[0].time < recent }
  }

  @Test(arguments: [(CaseFamily.commitment, "promisesKeptOnTime"), (.goal, "goalsMetOnTime")])
  func `promises are kept as often as told`(_ family: CaseFamily, _ name: String) {
    var shares = Shares()
    for rows in Self.cases(family) where !rows.contains(where: { $0.kind == .release }) {
      let dues = rows.filter { $0.dueOffset != SimulatedEvent.noDue }.map { $0.time + Int($0.dueOffset) }
      let kept = rows.first { $0.kind == .fulfilment || $0.kind == .goalMet }
      shares.add(rows[0].manager, kept.map { $0.time <= dues.max()! } ?? false)
    }
    shares.expect(name)
  }

  @Test func `half of the promises slip by less than told`() {
    let medians = Self.truth("slippage")
    var shares = Shares()
    for rows in Self.cases(.commitment) where !rows.contains(where: { $0.kind == .release }) {
      let kept = rows.first { $0.kind == .fulfilment }
      let ratio = kept.map { Double($0.time - rows[0].time) / Double(rows[0].dueOffset) }
      shares.add(rows[0].manager, ratio.map { log($0) <= medians[Int(rows[0].manager)] } ?? false)
    }
    for m in 0..<6 {
      #expect(abs(shares.successes[m] / shares.trials[m] - 0.5) < 2 / shares.trials[m].squareRoot() + 0.01)
    }
  }

  @Test func `feedback, decisions and objections end as told`() {
    var loops = Shares()
    for rows in Self.cases(.feedback) {
      loops.add(rows[0].manager, rows.contains { $0.kind == .followUp && $0.time - rows[0].time <= 60 * 86_400 })
    }
    loops.expect("loopClosure")
    var joint = Shares()
    for event in Self.organisation.events where event.kind == .decision { joint.add(event.manager, event.value == 1) }
    joint.expect("jointDecisions")
    var counts = Shares()
    for event in Self.organisation.events where event.kind == .objection { counts.trials[Int(event.manager)] += 1 }
    for event in Self.organisation.events where event.kind == .alternative { counts.successes[Int(event.manager)] += 1 }
    counts.expect("alternativesOffered")
  }

  @Test func `months have check-ins, and half an hour of them, as often as told`() {
    var minutes = [[Int: Int]](repeating: [:], count: 6)
    for event in Self.organisation.events where event.kind == .checkIn {
      let (year, month, _) = CivilDate(dayNumber: event.time / 86_400).components
      minutes[Int(event.manager)][year * 12 + month, default: 0] += Int(event.value)
    }
    var met = Shares()
    var enough = Shares()
    for m in 0..<6 {
      for month in (1995 * 12 + 1)...(2024 * 12 + 12) {
        met.add(Int32(m), minutes[m][month] != nil)
        enough.add(Int32(m), minutes[m][month, default: 0] >= 30)
      }
    }
    // A slot is skipped where only a weekend is left of its month: one in a hundred.
    met.expect("regularity", bias: 0.012)
    enough.expect("oneToOneTime", bias: 0.012)
  }

  @Test func `half of the conflicts settle within the time told`() {
    let medians = Self.truth("settlementTime")
    var shares = Shares()
    for rows in Self.cases(.conflict) {
      let settled = rows.first { $0.kind == .settlement }
      let seconds = settled.map { Double($0.time - rows[0].time) }
      shares.add(rows[0].manager, seconds.map { $0 <= medians[Int(rows[0].manager)] } ?? false)
    }
    for m in 0..<6 {
      #expect(abs(shares.successes[m] / shares.trials[m] - 0.5) < 2 / shares.trials[m].squareRoot() + 0.02)
    }
  }

  @Test func `requests last and escalate as often as told`() {
    var lasting = Shares()
    for rows in Self.cases(.request) where rows.contains(where: { $0.kind == .resolution }) {
      lasting.add(rows[0].manager, !rows.contains { $0.kind == .reopen })
    }
    lasting.expect("resolvedForGood", bias: 0.015)
    let rates = Self.truth("escalationRate")
    var escalations = [Double](repeating: 0, count: 6)
    var requests = escalations
    for event in Self.organisation.events {
      if event.kind == .request && event.actorCode == 1 { requests[Int(event.manager)] += 1 }
      if event.kind == .escalation && event.channel != SimulatedEvent.protectedChannel {
        escalations[Int(event.manager)] += 1
      }
    }
    for m in 0..<6 {
      let expected = rates[m] / 100 * requests[m]
      #expect(abs(escalations[m] - expected) < 4 * expected.squareRoot() + 2)
    }
  }

  @Test func `trainings, ratings, credit and initiative come as told`() {
    var trainings = [Double](repeating: 0, count: 6)
    var recognised = [Set<[Int]>](repeating: [], count: 6)
    var recognitions = trainings
    var interactions = trainings
    var byManager = trainings
    var initiated = trainings
    var ratings: [[Int32]: [Double]] = [:]
    for event in Self.organisation.events {
      let m = Int(event.manager)
      switch event.kind {
      case .training: trainings[m] += 1
      case .survey:
        ratings[[event.manager, event.partner, Int32(event.actorCode)], default: []].append(Double(event.value))
      default: break
      }
      switch event.kind {
      case .request, .commitment, .goal, .feedback, .checkIn, .decision, .objection, .alternative: interactions[m] += 1
      default: break
      }
      switch event.kind {
      case .request, .feedback, .checkIn, .recognition:
        initiated[m] += 1
        if event.actorCode == 1 { byManager[m] += 1 }
      default: break
      }
      if event.kind == .recognition {
        // The other side's praise of the same week is already counted.
        let week = (event.time / 86_400 + 3) / 7
        let other = [Int(event.partner), week, event.actorCode == 1 ? 2 : 1]
        if !recognised[m].contains(other) { recognitions[m] += 1 }
        recognised[m].insert([Int(event.partner), week, Int(event.actorCode)])
      }
    }
    for cases in Self.cases(.conflict) { interactions[Int(cases[0].manager)] += 1 }
    for (m, manager) in Self.organisation.truth.managers.enumerated() {
      let quarters = 360.0 / 3
      let expected = manager.indicators["developmentActions"]! * quarters
      #expect(abs(trainings[m] - expected) < 4 * expected.squareRoot())

      let credit = manager.indicators["creditGiven"]! / 100 * interactions[m]
      #expect(abs(recognitions[m] - credit) < 4 * credit.squareRoot() + 0.03 * credit)

      let share = byManager[m] / initiated[m]
      let balance = 1 - abs(2 * share - 1)
      #expect(abs(balance - manager.indicators["initiativeBalance"]!) < 0.04)

      // Each side counts by half; in it every pair counts once, every member of the team as often as asked.
      func means(byManager: Bool) -> [Double] {
        ratings.filter { $0.key[0] == Int32(m) && $0.key[1] >= 0 && $0.key[2] == (byManager ? 1 : 2) }
          .map { $0.value.reduce(0, +) / Double($0.value.count) }
      }
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
      let score =
        0.5 * mean(means(byManager: true)) + 0.5 * mean(means(byManager: false) + ratings[[Int32(m), -1, 0]]!)
      #expect(abs(score - manager.indicators["surveyScore"]!) < 0.15)
    }
  }

  @Test func `waits of the log agree with the reference run's`() {
    let clock = Self.organisation.organisation.clock
    var waits = [[Int]](repeating: [], count: 6)
    for rows in Self.cases(.request) where rows[0].actorCode == 1 {
      guard let answer = rows.first(where: { $0.kind == .response }) else { continue }
      waits[Int(rows[0].manager)].append(clock.worked(at: answer.time) - clock.worked(at: rows[0].time))
    }
    for (m, median) in Self.truth("typicalWait").enumerated() {
      let found = Double(waits[m].sorted()[waits[m].count / 2])
      #expect(abs(log(found / median)) < 0.2)
    }
  }

  @Test func `planted health is what the caller computes from the indicators`() {
    var truth = Self.organisation.truth
    truth.plantHealth { $0["regularity"].map { 100 * $0 } }
    #expect(truth.managers.allSatisfy { $0.health == 100 * $0.indicators["regularity"]! })
  }

  @Test func `without spread every manager's formulas give the same`() throws {
    var settings = SimulateTests.small
    settings.traitSpread = 0
    settings.trendShare = 0
    settings.favouredShare = 0
    let truth = try simulate(settings).truth
    for name in ["promisesKeptOnTime", "slippage", "regularity", "surveyScore", "jointDecisions", "settlementTime"] {
      let values = truth.managers.map { $0.indicators[name]! }
      #expect(values.allSatisfy { abs($0 - values[0]) < 1e-9 }, "\(name)")
    }
    #expect(truth.pairs.allSatisfy { $0.choiceRatio == 1 && $0.planted == 1 })
  }

  @Test func `a favoured pair waits less than its partner's others`() throws {
    var settings = SimulateTests.small
    settings.traitSpread = 0
    settings.confounding = 0
    settings.favouredShare = 0.15
    settings.favouredFactor = 6
    settings.utilisation = 0.9
    settings.referenceRequests = 1000
    let truth = try simulate(settings).truth
    let favoured = truth.pairs.filter { $0.planted > 1 }.map { $0.timingRatio! }
    let others = truth.pairs.filter { $0.planted == 1 }.map { $0.timingRatio! }
    #expect(!favoured.isEmpty)
    #expect(favoured.max()! < others.sorted()[others.count / 2])
  }
}
