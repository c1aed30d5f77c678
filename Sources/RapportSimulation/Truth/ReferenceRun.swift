import Glibc
import RapportIngestion
import RapportNumerics

/// The queues played for long with the same people and rules, to tell the waits that they lead to.
///
/// Traits stand still at the middle of the period and nobody joins or leaves. What remains random in these truths falls
/// with the square root of the requests per manager.
struct ReferenceRun {
  /// By manager; `nil` where the manager has no answered request.
  private(set) var medianWaits: [Double?]
  private(set) var withinTarget: [Double?]
  /// Log working time relative to comparable requests; they average 0 over managers.
  private(set) var managerEffects: [Double?]
  /// Standard deviation of what remains of a manager's log working time, far values bounded.
  private(set) var residualSpread: [Double?]
  /// By pair: log working time relative to comparable requests of the same partner.
  private(set) var pairEffects: [Double?]
  /// Requests behind each pair effect.
  private(set) var pairRequests: [Int]
  /// By partner.
  private(set) var partnerMedianWaits: [Double?]

  /// One stay of a request with one partner.
  private struct Stay {
    var manager: Int32
    var partner: Int32
    var pair: Int32
    var cell: Int32
    var backlog: UInt8
    var isAnswered: Bool
    var seconds: Int32
    /// Working seconds since the request was made, over all its stays; `nil` where it is passed on.
    var requestSeconds: Int32?
  }

  /// - Complexity: in requests, with a sort of each manager's
  init(_ organisation: Organisation) {
    let settings = organisation.settings
    let managerCount = organisation.managers.count
    let perManager = min(Double(settings.referenceRequests), max(100, 2_000_000 / Double(managerCount)))
    let months = min(600, max(12, Int((perManager / settings.requestsPerMonth).rounded(.up))))
    let first = CivilDate(year: 2000, month: 1, day: 1)
    let days = first..<first.addingMonths(months + 1)
    let window = days.lowerBound.dayNumber * 86_400..<days.upperBound.dayNumber * 86_400
    // What happens in the first month fills the queues and isn't counted.
    let countFrom = first.addingMonths(1).dayNumber * 86_400
    let clock = WorkClock(
      days: days.lowerBound..<CivilDate(dayNumber: days.upperBound.dayNumber + 60),
      dayStart: organisation.clock.dayStart,
      daySeconds: organisation.clock.daySeconds, isWorkDay: Organisation.isWorkDay)
    let clocks = organisation.partners.indices.map { p in
      var away = Set<Int>()
      let absences = Organisation.absences(
        settings, of: p, purpose: .reference, months: months, from: window.lowerBound, clock: clock,
        until: window.upperBound)
      for absence in absences { away.formUnion(absence.start / 86_400..<absence.end / 86_400) }
      return WorkClock(
        days: days.lowerBound..<CivilDate(dayNumber: days.upperBound.dayNumber + 60), dayStart: clock.dayStart,
        daySeconds: clock.daySeconds
      ) { Organisation.isWorkDay($0) && !away.contains($0.dayNumber) }
    }

    let arrivals = RequestArrivals(organisation)
    var requests: [QueuedRequest] = []
    for m in 0..<managerCount {
      requests += arrivals.draw(m, clock: clock, targets: clock, in: window, steadyState: true)
    }
    requests.sort { ($0.arrived, $0.manager, $0.pair) < ($1.arrived, $1.manager, $1.pair) }

    var stays: [Stay] = []
    stays.reserveCapacity(requests.count)
    // When the request came to its present partner, on that partner's working clock, pauses taken off.
    var entered = [Int](repeating: 0, count: requests.count)
    var pausedAt = entered
    // Working seconds with earlier partners.
    var passed = entered
    var backlog = [UInt8](repeating: 0, count: requests.count)
    var openCount = [Int](repeating: 0, count: organisation.partners.count)
    var holder = [Int32](repeating: 0, count: requests.count)
    var targetsMet = [Double](repeating: 0, count: managerCount)
    var targetsPassed = targetsMet
    var pairOf: [Int64: Int32] = [:]
    for (code, pair) in organisation.pairs.enumerated() {
      pairOf[Int64(pair.manager) << 32 | Int64(pair.partner)] = Int32(code)
    }
    func band(_ count: Int) -> UInt8 { UInt8(min(8, Int(log2(Double(count) + 1).rounded(.down)))) }

    var run = QueueRun(
      requests, disciplines: organisation.partners.map(\.discipline), clocks: clocks, seed: settings.seed,
      purpose: .reference, interruptions: .init(), end: window.upperBound)
    run.run { step, position, request, now in
      let partner = Int(request.partner)
      func endStay(answered: Bool, passedOn: Bool = false) {
        let held = Int(holder[position])
        openCount[held] -= 1
        let worked = clocks[held].worked(at: now) - entered[position]
        passed[position] += worked
        guard request.arrived >= countFrom else { return }
        let cell = Int32(request.topic) * 4 + Int32(request.priority)
        stays.append(
          Stay(
            manager: request.manager, partner: holder[position],
            pair: pairOf[Int64(request.manager) << 32 | Int64(held)] ?? request.pair, cell: cell,
            backlog: backlog[position], isAnswered: answered, seconds: Int32(max(60, worked)),
            requestSeconds: passedOn ? nil : Int32(max(60, passed[position]))))
      }
      func enter() {
        holder[position] = request.partner
        entered[position] = clocks[partner].worked(at: now)
        backlog[position] = band(openCount[partner])
        openCount[partner] += 1
      }
      switch step {
      case .arrival: enter()
      case .passing:
        endStay(answered: false, passedOn: true)
        enter()
      case .pause: pausedAt[position] = clocks[partner].worked(at: now)
      case .resumption: entered[position] += clocks[partner].worked(at: now) - pausedAt[position]
      case .withdrawal:
        endStay(answered: false)
        if now > request.due && request.arrived >= countFrom { targetsPassed[Int(request.manager)] += 1 }
      case .response:
        endStay(answered: true)
        if request.arrived >= countFrom {
          targetsPassed[Int(request.manager)] += 1
          if now <= request.due { targetsMet[Int(request.manager)] += 1 }
        }
      }
    }
    // Open at the end past their target.
    for request in run.requests
    where request.answered == 0 && request.withdrawn == 0 && request.arrived >= countFrom
      && request.due < window.upperBound
    { targetsPassed[Int(request.manager)] += 1 }

    withinTarget = zip(targetsMet, targetsPassed).map { $1 > 0 ? $0 / $1 : nil }
    // A manager waits for the answer whoever gives it, a partner is answerable for its own stays.
    medianWaits = ReferenceRun.medians(stays, count: managerCount) { (Int($0.manager), $0.requestSeconds) }
    partnerMedianWaits = ReferenceRun.medians(stays, count: organisation.partners.count) {
      (Int($0.partner), $0.seconds)
    }

    // log T = manager + partner + topic × priority + backlog, by turns until nothing moves.
    let answered = stays.filter(\.isAnswered)
    var residuals = answered.map { log(Double($0.seconds)) }
    let groupings: [(count: Int, of: (Stay) -> Int)] = [
      (organisation.partners.count, { Int($0.partner) }),
      (RequestCategory.topics.count * 4, { Int($0.cell) }), (9, { Int($0.backlog) }),
      (managerCount, { Int($0.manager) }),
    ]
    var effects = groupings.map { [Double](repeating: 0, count: $0.count) }
    var counts = groupings.map { [Double](repeating: 0, count: $0.count) }
    for (g, grouping) in groupings.enumerated() { for stay in answered { counts[g][grouping.of(stay)] += 1 } }
    for _ in 0..<40 {
      var largest = 0.0
      for (g, grouping) in groupings.enumerated() {
        var sums = [Double](repeating: 0, count: grouping.count)
        for (i, stay) in answered.enumerated() { sums[grouping.of(stay)] += residuals[i] }
        for k in sums.indices where counts[g][k] > 0 {
          sums[k] /= counts[g][k]
          effects[g][k] += sums[k]
          largest = max(largest, abs(sums[k]))
        }
        for (i, stay) in answered.enumerated() { residuals[i] -= sums[grouping.of(stay)] }
      }
      if largest < 1e-4 { break }
    }
    let managers = groupings.count - 1
    let present = counts[managers].indices.filter { counts[managers][$0] > 0 }
    let center = present.reduce(0) { $0 + effects[managers][$1] } / Double(max(present.count, 1))
    let managerCounts = counts[managers]
    let centred = effects[managers].map { $0 - center }
    managerEffects = centred.indices.map { managerCounts[$0] > 0 ? centred[$0] : nil }

    // What a pair has beyond its manager, and what remains within pairs.
    var pairSums = [Double](repeating: 0, count: organisation.pairs.count)
    var pairCounts = pairSums
    for (i, stay) in answered.enumerated() {
      pairSums[Int(stay.pair)] += residuals[i]
      pairCounts[Int(stay.pair)] += 1
    }
    pairEffects = organisation.pairs.enumerated().map { code, pair in
      pairCounts[code] > 0 ? centred[pair.manager] + pairSums[code] / pairCounts[code] : nil
    }
    pairRequests = pairCounts.map { Int($0) }
    residualSpread = Self.spread(
      answered.indices.map { (pair: Int(answered[$0].pair), residual: residuals[$0]) }, organisation)
  }

  /// By manager, the root of the bounded variance around the bounded middles of pairs; `nil` where no pair has two answers.
  private static func spread(_ answers: [(pair: Int, residual: Double)], _ organisation: Organisation) -> [Double?] {
    var ofPair = [[Double]](repeating: [], count: organisation.pairs.count)
    for answer in answers { ofPair[answer.pair].append(answer.residual) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    func variance(of pairs: some Sequence<Int>, around centers: [Double]) -> Double? {
      var (squares, weights): ([Double], [Double]) = ([], [])
      for pair in pairs where ofPair[pair].count > 1 {
        let share = 1 - 1 / Double(ofPair[pair].count)
        for residual in ofPair[pair] {
          squares.append((residual - centers[pair]) * (residual - centers[pair]) / share)
          weights.append(share)
        }
      }
      return squares.isEmpty ? nil : bounded.variance(squares, weights: weights)
    }
    let deviation = variance(of: ofPair.indices, around: ofPair.map(mean))?.squareRoot() ?? 0
    let centers = ofPair.map { bounded.center($0[...], deviation: deviation) }
    var pairs = [[Int]](repeating: [], count: organisation.managers.count)
    for (code, pair) in organisation.pairs.enumerated() { pairs[pair.manager].append(code) }
    return pairs.map { variance(of: $0, around: centers)?.squareRoot() }
  }

  /// What `predictability` is: no answer counts for more than one at two and a half standard deviations.
  private static let bounded = BoundedVariance(bound: 2.5)

  /// Kaplan–Meier medians of working seconds; waits that ended otherwise than by an answer are censored.
  private static func medians(
    _ stays: [Stay], count: Int, of wait: (Stay) -> (unit: Int, seconds: Int32?)
  ) -> [Double?] {
    var groups = [[(time: Double, isEvent: Bool)]](repeating: [], count: count)
    for stay in stays {
      let (unit, seconds) = wait(stay)
      if let seconds { groups[unit].append((Double(seconds), stay.isAnswered)) }
    }
    return groups.map { group in
      let curve = KaplanMeier(RiskTable(group))
      return curve.firstIndex(downTo: 0.5).map { curve.table.times[$0] }
    }
  }
}
