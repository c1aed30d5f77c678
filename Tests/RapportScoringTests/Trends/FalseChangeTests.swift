import Glibc
import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

/// How many changes are told of managers whose rates never change, over organisations drawn anew.
@Suite struct FalseChangeTests {
  /// Managers of two partners each, over two years.
  struct Organisation {
    static let months = 24
    let managers: Int
    let partners: Int
    let months: HistoryMonths
    let pairs: PairTable
    let names: [String]

    init(managers: Int = 40, partners: Int = 5) throws {
      (self.managers, self.partners) = (managers, partners)
      let first = managers > 90 ? 1000 : 10
      var log = EventLog()
      for manager in 0..<managers {
        for partner in [manager % partners, (manager / 2 + 1 + manager) % partners] {
          log.event("2026-01-05", .checkIn, "m\(first + manager)", "p\(partner)")
          log.event("2027-12-05", .checkIn, "m\(first + manager)", "p\(partner)")
        }
      }
      let history = try history(log, asOf: "2027-12-31")
      (months, pairs, names) = (HistoryMonths(history), PairTable(history), history.managers)
    }

    /// Kept promises, or escalations among thirty times as many requests, by pair and month.
    ///
    /// - Parameters:
    ///   - spread: of the logit of a partner's month about the partner's usual one.
    ///   - changed: so many managers, the first ones, keep half as much from the second year on.
    ///   - usual: what managers' own shares are drawn from.
    func evidence(
      _ seed: UInt64, isRate: Bool, spread: Double, changed: Int, usual: (a: Double, b: Double) = (12, 4)
    ) -> TrendEvidence {
      var stream = RandomStream(seed: seed, purpose: "false changes")
      let cells = Self.months
      var ofPair = (
        first: [Int32](repeating: 0, count: pairs.count * cells),
        second: [Int32](repeating: 0, count: pairs.count * cells)
      )
      var ofManager = (
        first: [Int32](repeating: 0, count: managers * cells),
        second: [Int32](repeating: 0, count: managers * cells)
      )
      let own = (0..<managers).map { _ in stream.beta(usual.a, usual.b) }
      let shifts = (0..<(partners * cells)).map { _ in spread * stream.normal() }
      for pair in 0..<pairs.count {
        let manager = Int(pairs.managers[pair])
        for month in 0..<cells {
          let isLower = manager < changed && month >= cells / 2
          let base = (isLower ? 0.5 : 1) * own[manager] * (isRate ? 0.05 : 1)
          let odds = base / (1 - base) * exp(shifts[Int(pairs.partners[pair]) * cells + month])
          let size = stream.integer(below: 8) * (isRate ? 30 : 1)
          let count = stream.binomial(trials: size, probability: odds / (1 + odds))
          ofPair.first[pair * cells + month] = Int32(count)
          ofPair.second[pair * cells + month] = Int32(size)
          ofManager.first[manager * cells + month] += Int32(count)
          ofManager.second[manager * cells + month] += Int32(size)
        }
      }
      // An escalation in a month without requests has nowhere to count; there is none.
      return TrendEvidence(
        isRate ? .escalationRate : .promisesKeptOnTime,
        measure: isRate
          ? .rate(events: ofManager.first, exposure: ofManager.second, unit: 100)
          : .share(successes: ofManager.first, trials: ofManager.second), monthCount: cells, byPair: ofPair)
    }

    func trends(_ evidence: TrendEvidence) -> Trends {
      var options = quick
      options.threads = 2
      return Trends.find([evidence], months, managers: names, pairs: pairs, options: options)
    }
  }

  // Whatever is found here is false.
  @Test(arguments: [(false, 0.0), (false, 0.7), (true, 0.0), (true, 0.7)])
  func `where nothing changes, hardly anybody's rate is found to`(isRate: Bool, spread: Double) throws {
    let organisation = try Organisation()
    var (found, looked, withFindings) = (0, 0, 0)
    for seed in 1...20 as ClosedRange<UInt64> {
      let trends = organisation.trends(organisation.evidence(seed, isRate: isRate, spread: spread, changed: 0))
      let summary = try #require(trends.indicators.first?.changes)
      looked += summary.managers
      found += summary.found
      if summary.found > 0 { withFindings += 1 }
    }
    #expect(looked >= 700, "\(looked) series")
    // One series in a hundred, one organisation in seven: 5 % of 20 and twice its error.
    #expect(found * 100 <= looked, "\(found) of \(looked) series, in \(withFindings) of 20 organisations")
    #expect(withFindings <= 3, "\(withFindings) of 20 organisations")
  }

  // Managers who hardly differ: the prior leaves their rates room to change in, so that factors are above 1 where nothing
  // does, by a few percent each. The share of those who changed came out as most of them.
  @Test func `many managers who hardly differ aren't taken to have changed`() throws {
    let organisation = try Organisation(managers: 400, partners: 40)
    let trends = organisation.trends(organisation.evidence(7, isRate: false, spread: 0.7, changed: 0, usual: (180, 20)))
    let summary = try #require(trends.indicators.first?.changes)
    #expect(summary.managers >= 390 && summary.found == 0, "\(summary)")
    #expect(summary.expectedShare < 0.15, "\(summary)")
  }

  // Sixteen of forty change alike, two in five: beside one another their changes hardly show, and beside them who didn't change
  // seems to. Over these eight organisations 49 changes are told, 2 of them nobody's, and the share comes out as 0.335; where a
  // change needn't stand without those who probably changed, 56 are told, 6 of them nobody's.
  @Test func `a change has to stand without those who changed alike`() throws {
    let organisation = try Organisation()
    var (share, found, wrong) = (0.0, 0, 0)
    for seed in 202...209 as ClosedRange<UInt64> {
      let trends = organisation.trends(organisation.evidence(seed, isRate: false, spread: 0.7, changed: 16))
      share += try #require(trends.indicators.first?.changes).expectedShare / 8
      let told = trends.managers.indices.filter { !trends.managers[$0].changes.isEmpty }
      found += told.count
      wrong += told.count { $0 >= 16 }
    }
    #expect(share > 0.3 && share < 0.42, "\(share)")
    #expect(found >= 40 && 20 * wrong <= found, "\(found), of which wrong \(wrong)")
  }

  // By hand: beside all the evidence is 9, at least 5; without those who probably changed 7, at least 6.
  @Test func `a change has to stand with and without those who probably changed`() {
    let (beside, alone) = (TrendChanges.Evidence(whole: 9, least: 5), TrendChanges.Evidence(whole: 7, least: 6))
    #expect(beside.heldAgainst(alone).whole == 7 && beside.heldAgainst(alone).least == 5)
    #expect(alone.heldAgainst(beside).whole == 9 && alone.heldAgainst(beside).least == 5)
    #expect(beside.heldAgainst(TrendChanges.Evidence(whole: 7, least: nil)).least == nil)
    #expect(TrendChanges.Evidence(whole: 9, least: nil).heldAgainst(alone).least == nil)
  }

  // Four of forty change: of what is found at most one in twenty is somebody else's, on average over organisations.
  @Test(arguments: [(false, 0.7), (true, 0.0)])
  func `of changes found one in twenty at most is false`(isRate: Bool, spread: Double) throws {
    let organisation = try Organisation()
    var (falseShares, found, right) = (0.0, 0, 0)
    for seed in 101...112 as ClosedRange<UInt64> {
      let trends = organisation.trends(organisation.evidence(seed, isRate: isRate, spread: spread, changed: 4))
      let told = trends.managers.indices.filter { !trends.managers[$0].changes.isEmpty }
      let wrong = told.count { $0 >= 4 }
      falseShares += told.isEmpty ? 0 : Double(wrong) / Double(told.count)
      found += told.count
      right += told.count - wrong
    }
    #expect(falseShares / 12 <= 0.05, "\(falseShares / 12), \(right) of \(found) right")
    #expect(right >= 12, "\(right) of 48 found")
  }
}
