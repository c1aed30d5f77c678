import Glibc
import RapportIngestion

/// When managers ask, whom, about what, and how much work it will be.
struct RequestArrivals {
  let organisation: Organisation
  /// Mean working seconds that a request of average effort takes each partner, so that the queues are as full as the
  /// settings say.
  let meanEffort: [Double]
  /// Share of the period's working time at which each manager is in the role and not absent.
  let presence: [Double]

  init(_ organisation: Organisation) {
    self.organisation = organisation
    // load = Σ requests a month × relative effort × presence;  mean effort = utilisation × work a month / load
    let told = organisation.span
    func worked(_ clock: WorkClock) -> Double {
      Double(clock.worked(at: told.upperBound) - clock.worked(at: told.lowerBound))
    }
    let whole = worked(organisation.clock)
    presence = organisation.managers.map { worked($0.clock) / whole }
    var load = [Double](repeating: 0, count: organisation.partners.count)
    for (m, manager) in organisation.managers.enumerated() {
      for p in manager.pairs {
        let pair = organisation.pairs[p]
        let shares = RequestArrivals.topicShare(manager, isLearning: pair.isLearning)
        let effort = zip(shares, RequestCategory.topicEffort).reduce(0) { $0 + $1.0 * $1.1 }
        load[pair.partner] +=
          pair.share * manager.volume * organisation.settings.requestsPerMonth * effort * presence[m]
          * exp(-RequestArrivals.handlingSlope * pair.traits[LatentTrait.handling.rawValue])
      }
    }
    let present = organisation.partners.map { worked($0.clock) / whole }
    let longest = 2 * Double(organisation.clock.daySeconds)
    meanEffort = zip(load, present).map { load, present in
      load > 0 ? min(longest, organisation.settings.utilisation * organisation.monthWorkSeconds * present / load) : 0
    }
  }

  /// Log of effort per standard deviation of handling.
  static let handlingSlope = 0.3
  /// Spread of the log effort; steadiness narrows it and a request's own luck.
  static let effortSpread = 0.6

  static func topicShare(_ manager: Manager, isLearning: Bool) -> [Double] {
    if !isLearning { return manager.topicShare }
    // Seven in ten of what reaches learning and development is about learning.
    return manager.topicShare.enumerated().map { 0.3 * $1 + ($0 == RequestCategory.topics.count - 1 ? 0.7 : 0) }
  }

  /// The requests of one manager, by arrival.
  ///
  /// - Parameters:
  ///   - clock: the manager's working time
  ///   - window: wall-clock seconds
  ///   - steadyState: traits at the middle of the period throughout, as for a reference run
  func draw(_ m: Int, clock: WorkClock, targets: WorkClock, in window: Range<Int>, steadyState: Bool) -> [QueuedRequest]
  {
    let settings = organisation.settings
    let manager = organisation.managers[m]
    var draws = Draws(seed: settings.seed, steadyState ? .referenceRequests : .requests, m)
    let shares = manager.pairs.map { organisation.pairs[$0].share }
    let topicShares = [false, true].map { RequestArrivals.topicShare(manager, isLearning: $0) }

    // Arrivals by thinning: candidates at the highest rate, kept with probability weight / highest weight.
    let late = min(max(manager.lateHours, -2), 2)
    let monthEnd = min(manager.monthEnd, 3)
    let highest = exp(abs(late) / 2) * (1 + monthEnd)
    let average = (abs(late) < 1e-6 ? 1 : sinh(late / 2) / (late / 2)) * (1 + 0.2 * monthEnd)
    // In a steady state nobody comes, goes or is absent; the same load is spread over the whole time.
    let present = steadyState ? max(presence[m], 0.01) : 1
    let perMonth = settings.requestsPerMonth * manager.volume * present
    let gap = organisation.monthWorkSeconds / (perMonth * highest / average)

    var found: [QueuedRequest] = []
    var worked = Double(clock.worked(at: window.lowerBound))
    while true {
      worked += gap * draws.exponential()
      guard var moment = clock.wall(worked: Int(worked)), moment < window.upperBound else { return found }
      let dayPart = Double(moment % 86_400 - clock.dayStart) / Double(clock.daySeconds)
      let dayOfMonth = CivilDate(dayNumber: moment / 86_400).components.day
      let weight = exp(late * (dayPart - 0.5)) * (dayOfMonth > 24 ? 1 + monthEnd : 1)
      if !draws.chance(weight / highest) { continue }
      // Some write in the evening.
      if draws.chance(0.08) && clock.dayStart + clock.daySeconds < 79_200 {
        moment =
          moment / 86_400 * 86_400
          + Int(draws.uniform(Double(clock.dayStart + clock.daySeconds), 82_800))
      }
      let pairCode = manager.pairs.lowerBound + draws.index(shares)
      let pair = organisation.pairs[pairCode]
      let topic = draws.index(topicShares[pair.isLearning ? 1 : 0])
      let priority = draws.index(manager.priorityShare)
      let channel = draws.index(manager.channelShare)
      func level(_ trait: LatentTrait) -> Double {
        steadyState ? pair.traits[trait.rawValue] : pair.level(trait, at: moment, in: organisation.span)
      }
      let steadiness = exp(-0.3 * level(.steadiness))
      // Rare extremes would fill a queue for years: a job's work keeps within a factor of 5 two times in three.
      let spread = min(1.6, RequestArrivals.effortSpread * steadiness)
      let effort =
        meanEffort[pair.partner] * RequestCategory.topicEffort[topic]
        * exp(-RequestArrivals.handlingSlope * level(.handling)) * draws.logNormal(spread) / exp(spread * spread / 2)
      let trendPart = Organisation.readinessSlope * (level(.readiness) - pair.traits[LatentTrait.readiness.rawValue])
      let readiness = pair.readiness + trendPart + settings.requestLuck * steadiness * draws.normal()
      let target = targets.worked(at: moment) + Int(RequestCategory.targetDays[priority] * Double(targets.daySeconds))
      var request = QueuedRequest(
        manager: Int32(m), pair: Int32(pairCode), partner: Int32(pair.partner), topic: UInt8(topic),
        priority: UInt8(priority), channel: UInt8(channel), arrived: moment,
        due: targets.wall(worked: target) ?? moment + 864_000, effort: Int32(max(60, min(effort, 1e6))),
        readiness: Float(readiness))
      if draws.chance(0.03) && manager.pairs.count > 1 {
        let other = organisation.pairs[manager.pairs.lowerBound + draws.below(manager.pairs.count)].partner
        if other != pair.partner { request.passTo = Int32(other) }
      }
      found.append(request)
    }
  }
}
