import Glibc
import RapportNumerics

/// What was to be expected of cases, by partner and month: how the same partner's other managers fared then.
///
///     e = (K − k + w s)/(N − n + w)        s = (K_p − k_p + v μ)/(N_p − n_p + v)
///
/// K of N are the partner's successes and cases in the month, K_p and N_p in all months, k, n, k_p, n_p what the manager at
/// hand, and others who are left out, add to them; of rates K are events, N exposure. v says how alike partners are, w how alike a partner's months: v from
/// the beta-binomial or gamma-Poisson model of partners, w by maximum likelihood over their months, given the partner's own
/// share. Where months don't differ, w is large and nothing but the partner is taken off.
///
/// A partner who is away or swamped for a month is so for all managers: without this each of them seems to have changed.
struct PartnerMonths: Sendable {
  /// What is expected of a pair's cases in one month.
  struct Expectation {
    /// e.
    var rate: Double
    /// By how much cases of one month still go together: the intraclass correlation 1/(w + N − n + 1).
    var correlation: Double
  }

  /// μ, of all cases that have a partner.
  let overall: Double
  /// v.
  let partnerWeight: Double
  /// w.
  let monthWeight: Double
  private let isRate: Bool
  private let pairs: PairTable
  private let monthCount: Int
  private let first: [Int32]
  private let second: [Int32]
  /// By partner.
  private let ofPartner: [(first: Double, second: Double)]
  /// By partner and month.
  private let ofMonth: [(first: Double, second: Double)]
  /// By pair.
  private let ofPair: [(first: Double, second: Double)]
  /// By partner, its pairs.
  private let pairsOfPartner: [[Int]]

  init(_ evidence: TrendEvidence, _ pairs: PairTable) {
    let months = evidence.monthCount
    (first, second) = evidence.byPair
    self.pairs = pairs
    monthCount = months
    isRate = evidence.isRate
    var ofPartner = [(first: Double, second: Double)](repeating: (0, 0), count: pairs.partnerCount)
    var ofMonth = [(first: Double, second: Double)](repeating: (0, 0), count: pairs.partnerCount * months)
    var ofPair = [(first: Double, second: Double)](repeating: (0, 0), count: pairs.count)
    for pair in 0..<pairs.count {
      let partner = Int(pairs.partners[pair])
      for place in 0..<months {
        let (one, other) = (Double(first[pair * months + place]), Double(second[pair * months + place]))
        ofPair[pair] = (ofPair[pair].first + one, ofPair[pair].second + other)
        let cell = partner * months + place
        ofMonth[cell] = (ofMonth[cell].first + one, ofMonth[cell].second + other)
      }
      ofPartner[partner].first += ofPair[pair].first
      ofPartner[partner].second += ofPair[pair].second
    }
    (self.ofPartner, self.ofMonth, self.ofPair) = (ofPartner, ofMonth, ofPair)
    var pairsOfPartner = [[Int]](repeating: [], count: pairs.partnerCount)
    for pair in 0..<pairs.count { pairsOfPartner[Int(pairs.partners[pair])].append(pair) }
    self.pairsOfPartner = pairsOfPartner
    let (events, cases) = (ofPartner.reduce(0) { $0 + $1.first }, ofPartner.reduce(0) { $0 + $1.second })
    let overall = (events + 0.5) / (cases + 1)
    self.overall = overall
    let (firsts, seconds) = (ofPartner.map(\.first), ofPartner.map(\.second))
    let partnerWeight =
      cases == 0
      ? 1
      : evidence.isRate
        ? GammaPrior.estimate(events: firsts, exposure: seconds).weight
        : BetaPrior.estimate(successes: firsts, trials: seconds).weight
    self.partnerWeight = partnerWeight
    let means = ofPartner.map { Self.inside(($0.first + overall * partnerWeight) / ($0.second + partnerWeight)) }
    let found = ScannedMinimum(steps: 12).minimize(in: log(0.05)...log(1e5)) { x in
      let weight = exp(x)
      var sum = 0.0
      for (cell, month) in ofMonth.enumerated() where month.second > 0 {
        let (k, n, mean) = (min(month.first, month.second), month.second, means[cell / months])
        let a = mean * weight
        if evidence.isRate {
          sum +=
            logGamma(a + month.first) - logGamma(a) + a * log(weight / (weight + n))
            - month.first * log(weight + n)
        } else {
          sum += logBeta(a + k, weight - a + n - k) - logBeta(a, weight - a)
        }
      }
      return -sum
    }
    monthWeight = exp(found.point[0])
  }

  /// Rates of which anything can still come.
  private static func inside(_ rate: Double) -> Double { min(max(rate, 1e-4), 1 - 1e-4) }

  /// What was to be expected of a pair's cases in a month, by the partner's other managers.
  ///
  /// - Parameter absent: managers that aren't to be gone by, without the pair's own.
  func expectation(pair: Int, _ place: Int, without absent: [Int] = []) -> Expectation {
    let partner = Int(pairs.partners[pair])
    let cell = partner * monthCount + place
    var (all, month) = (ofPartner[partner], ofMonth[cell])
    func leaveOut(_ pair: Int) {
      let own = pair * monthCount + place
      all = (all.first - ofPair[pair].first, all.second - ofPair[pair].second)
      month = (month.first - Double(first[own]), month.second - Double(second[own]))
    }
    leaveOut(pair)
    for manager in absent {
      let other = pairs.position(manager: Int32(manager), partner: Int32(partner))
      if other >= 0 { leaveOut(other) }
    }
    let usual = (all.first + overall * partnerWeight) / (all.second + partnerWeight)
    let rate = (month.first + usual * monthWeight) / (month.second + monthWeight)
    return Expectation(rate: Self.inside(rate), correlation: 1 / (monthWeight + month.second + 1))
  }

  /// Likewise, of cases whose partner isn't known.
  var withoutPartner: Expectation {
    Expectation(rate: Self.inside(overall), correlation: 1 / (monthWeight + 1))
  }

  /// The managers on whom what is expected of a manager's cases rests: at one of its partners, `share` or more of the others'
  /// cases.
  func peers(_ manager: Int, share: Double) -> [Int] {
    var result = Set<Int>()
    for pair in pairs.starts[manager]..<pairs.starts[manager + 1] where ofPair[pair].second > 0 {
      let partner = Int(pairs.partners[pair])
      let least = share * (ofPartner[partner].second - ofPair[pair].second)
      for other in pairsOfPartner[partner] where other != pair && ofPair[other].second >= max(least, 1) {
        result.insert(Int(pairs.managers[other]))
      }
    }
    return result.sorted()
  }
}
