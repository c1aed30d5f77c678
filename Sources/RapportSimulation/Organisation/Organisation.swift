import Glibc
import RapportIngestion

/// The people of a simulated organisation, who works with whom, and what each relationship is like.
///
/// Drawn once from the settings; the behaviours then play out on it.
struct Organisation: Sendable {
  let settings: SimulationSettings
  /// The days whose events are told, and those that are played: a warm-up comes before, so that queues aren't empty.
  let days: Range<CivilDate>
  let playedDays: Range<CivilDate>
  /// Working time when nobody is absent.
  let clock: WorkClock
  let managers: [Manager]
  let partners: [Partner]
  /// By manager, home partner first.
  let pairs: [Pair]

  /// The wall-clock seconds whose events are told.
  var span: Range<Int> { days.lowerBound.dayNumber * 86_400..<days.upperBound.dayNumber * 86_400 }
  /// Working seconds of an average month.
  var monthWorkSeconds: Double {
    let told = clock.worked(at: span.upperBound) - clock.worked(at: span.lowerBound)
    return Double(told) / (Double(days.upperBound.dayNumber - days.lowerBound.dayNumber) / 30.4375)
  }
}

struct Absence: Sendable {
  /// Wall-clock seconds.
  var start: Int
  var end: Int
}

struct Manager: Sendable {
  let id: String
  /// In the order of ``ManagerAttribute/names``.
  let attributes: [String]
  /// What the traits have in common, and each trait, at the middle of the period; standard normal × spread.
  let general: Double
  let traits: [Double]
  /// Change of every trait from the first day to the last.
  let trend: Double
  /// Requests relative to the average manager.
  let volume: Double
  /// Wall-clock seconds.
  let joined: Int
  let left: Int
  let absences: [Absence]
  let clock: WorkClock
  /// Shares by category.
  let topicShare: [Double]
  let priorityShare: [Double]
  let channelShare: [Double]
  /// How much more likely requests come late in the day, and late in the month.
  let lateHours: Double
  let monthEnd: Double
  /// Positions in ``Organisation/pairs``.
  let pairs: Range<Int>
}

struct Partner: Sendable {
  let id: String
  let isLearning: Bool
  let location: String
  let discipline: QueueDiscipline
  let absences: [Absence]
  let clock: WorkClock
}

/// One manager–partner relationship.
struct Pair: Sendable {
  let manager: Int
  let partner: Int
  /// 0 for the manager's home partner.
  let place: Int
  let isLearning: Bool
  /// Share of the manager's dealings that go to this partner; sums to 1 over a manager's pairs.
  let share: Double
  /// Traits at the middle of the period: the manager's and the pair's own part.
  let traits: [Double]
  /// Change of every trait from the first day to the last.
  let trend: Double
  /// Planted: how many times the odds of being picked; 1 where nothing is planted.
  let favour: Double
  /// Log odds of being picked, from traits, group differences and favour, at the middle of the period.
  let readiness: Double

  /// A trait at a wall-clock moment of the period.
  func level(_ trait: LatentTrait, at wall: Int, in span: Range<Int>) -> Double {
    let position = Double(wall - span.lowerBound) / Double(max(span.count, 1))
    return traits[trait.rawValue] + trend * (min(max(position, 0), 1) - 0.5)
  }
}

extension Organisation {
  /// How a standard deviation of the pair's own part compares with one of the manager's.
  private static let pairPart = 0.4
  /// Log odds of being picked per standard deviation of readiness, and of the pair's deviation that evenness scales.
  static let readinessSlope = 0.35
  static let unevenness = 0.25

  /// Draws everyone and every relationship.
  ///
  /// A manager's trait is √½ g + √0.3 d + √0.2 e, each standard normal: g common to all, d to its domain, e its own.
  ///
  /// - Throws: what ``SimulationSettings/check()`` throws.
  init(_ settings: SimulationSettings) throws(SimulationError) {
    try settings.check()
    var settings = settings
    if let events = settings.events { settings.scale(to: events) }
    self.settings = settings
    let firstDay = settings.firstDay
    days = firstDay..<firstDay.addingMonths(settings.months)
    playedDays = firstDay.addingMonths(-1)..<days.upperBound
    let dayStart = settings.dayStartsHour * 3600
    let daySeconds = (settings.dayEndsHour - settings.dayStartsHour) * 3600
    // Two weeks past the end, so that targets and returns beyond it have a date.
    let calendarDays = playedDays.lowerBound..<CivilDate(dayNumber: days.upperBound.dayNumber + 800)
    clock = WorkClock(days: calendarDays, dayStart: dayStart, daySeconds: daySeconds, isWorkDay: Organisation.isWorkDay)

    let span = days.lowerBound.dayNumber * 86_400..<days.upperBound.dayNumber * 86_400
    let clock = self.clock
    let playedFrom = playedDays.lowerBound.dayNumber * 86_400
    let playedMonths = settings.months + 1

    func absences(_ person: Int) -> [Absence] {
      Organisation.absences(
        settings, of: person, months: playedMonths, from: playedFrom, clock: clock, until: span.upperBound)
    }
    func clockWithout(_ absences: [Absence], from: Int = .min, until: Int = .max) -> WorkClock {
      if absences.isEmpty && from == .min && until == .max { return clock }
      var away = Set<Int>()
      for absence in absences { away.formUnion(absence.start / 86_400..<absence.end / 86_400) }
      return WorkClock(days: calendarDays, dayStart: dayStart, daySeconds: daySeconds) {
        Organisation.isWorkDay($0) && !away.contains($0.dayNumber) && $0.dayNumber * 86_400 >= from
          && $0.dayNumber * 86_400 < until
      }
    }

    // Partners: HR first, then L&D.
    let learning =
      settings.partners == 1
      ? 0 : min(settings.partners - 1, Int((Double(settings.partners) * settings.learningShare).rounded()))
    let people = settings.partners - learning
    let ownDisciplines: [QueueDiscipline] = [.choice, .firstInFirstOut, .strictPriority, .shortestJobFirst, .batching]
    partners = (0..<settings.partners).map { p in
      let away = absences(-1 - p)
      return Partner(
        id: identifier("P", p, of: settings.partners), isLearning: p >= people,
        location: ManagerAttribute.all["location"]![p % 3],
        discipline: settings.discipline == .mixed
          ? ownDisciplines[p % ownDisciplines.count] : settings.discipline,
        absences: away, clock: clockWithout(away))
    }

    var managers: [Manager] = []
    var pairs: [Pair] = []
    managers.reserveCapacity(settings.managers)
    for m in 0..<settings.managers {
      var draws = Draws(seed: settings.seed, .manager, m)
      let attributes = ManagerAttribute.names.map {
        ManagerAttribute.all[$0]![draws.below(ManagerAttribute.all[$0]!.count)]
      }
      let trendDraw = draws.uniform()
      let trendUp = draws.chance(0.5)
      let trend = trendDraw < settings.trendShare ? settings.traitSpread * settings.trendSize * (trendUp ? 1 : -1) : 0
      let volumeSpread = settings.volumeSpread ?? 0.5 * settings.confounding
      let volume = draws.logNormal(volumeSpread) / exp(volumeSpread * volumeSpread / 2)
      let joins = draws.chance(settings.turnover)
      let leaves = draws.chance(settings.turnover)
      let joinsAt = draws.uniform(0.1, 0.5)
      let leavesAt = draws.uniform(0.6, 0.95)
      func day(_ share: Double) -> Int { (span.lowerBound + Int(share * Double(span.count))) / 86_400 * 86_400 }
      let joined = joins ? day(joinsAt) : Int.min
      let left = leaves ? day(leavesAt) : Int.max

      var traitDraws = Draws(seed: settings.seed, .managerTraits, m)
      let general = traitDraws.normal()
      let domains = LatentTrait.domains.map { _ in traitDraws.normal() }
      let spreads = LatentTrait.domains.map { settings.traitSpread * (settings.domainSpreads[$0] ?? 1) }
      let traits = LatentTrait.allCases.map { trait in
        let own = traitDraws.normal()
        let whole = 0.5.squareRoot() * general + 0.3.squareRoot() * domains[trait.domain] + 0.2.squareRoot() * own
        return spreads[trait.domain] * whole
      }

      var mixes = Draws(seed: settings.seed, .mixes, m)
      func mixed(_ base: [Double]) -> [Double] {
        let weights = base.map { $0 * mixes.logNormal(settings.confounding) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
      }
      let topicShare = mixed(RequestCategory.topicShare)
      let priorityShare = mixed(RequestCategory.priorityShare)
      let channelShare = mixed(RequestCategory.channelShare)
      let lateHours = settings.confounding * mixes.normal()
      let monthEnd = settings.confounding * abs(mixes.normal())

      // The home partner, an L&D partner, then further HR partners.
      var chosen = [m % people]
      if learning > 0 && settings.partnersPerManager > 1 {
        // Where there are too few managers for each block of neighbours, they are dealt out evenly instead.
        let isEnough = settings.managers / learning >= people
        chosen.append(people + (isEnough ? m / people % learning : m * learning / settings.managers))
      }
      var step = 1
      while chosen.count < min(settings.partnersPerManager, settings.partners) && step < people {
        chosen.append((m % people + step * (1 + m / people % max(1, people - 1))) % people)
        if chosen.dropLast().contains(chosen.last!) { chosen.removeLast() }
        step += 1
      }
      let others = 1 - settings.homeShare
      let usual = [settings.homeShare, 0.54 * others, 0.46 * others]
      let weights = chosen.indices.map { $0 < usual.count ? usual[$0] : 0.3 * others }
      let weightSum = weights.reduce(0, +)
      let firstPair = pairs.count
      for (place, partner) in chosen.enumerated() {
        var pairDraws = Draws(seed: settings.seed, .pairTraits, m, partner)
        let pairTraits = LatentTrait.allCases.map { trait in
          traits[trait.rawValue] + Organisation.pairPart * spreads[trait.domain] * pairDraws.normal()
        }
        let deviation = pairDraws.normal()
        var favourDraws = Draws(seed: settings.seed, .favoured, m, partner)
        let isFavoured = favourDraws.chance(settings.favouredShare)
        let favour = isFavoured ? settings.favouredFactor : 1
        var readiness = Organisation.readinessSlope * pairTraits[LatentTrait.readiness.rawValue] + log(favour)
        readiness +=
          Organisation.unevenness * spreads[1] * deviation * exp(-0.5 * traits[LatentTrait.evenness.rawValue])
        for difference in settings.groupDifferences
        where attributes[ManagerAttribute.names.firstIndex(of: difference.attribute)!] == difference.value {
          readiness += log(difference.factor)
        }
        pairs.append(
          Pair(
            manager: m, partner: partner, place: place, isLearning: partner >= people,
            share: weights[place] / weightSum, traits: pairTraits, trend: trend, favour: favour,
            readiness: readiness))
      }
      let away = absences(m)
      managers.append(
        Manager(
          id: identifier("M", m, of: settings.managers), attributes: attributes,
          general: settings.traitSpread * general,
          traits: traits, trend: trend, volume: volume, joined: joined, left: left, absences: away,
          clock: clockWithout(away, from: joined, until: left), topicShare: topicShare, priorityShare: priorityShare,
          channelShare: channelShare, lateHours: lateHours, monthEnd: monthEnd, pairs: firstPair..<pairs.count))
    }
    self.managers = managers
    self.pairs = pairs
  }

  /// Leave and illness of one person: in each month with the chance that the settings give, 1 to 9 days.
  static func absences(
    _ settings: SimulationSettings, of person: Int, purpose: Purpose = .absences, months: Int, from: Int,
    clock: WorkClock, until: Int
  ) -> [Absence] {
    guard settings.behaviours.contains(.absences) else { return [] }
    var draws = Draws(seed: settings.seed, purpose, person)
    var found: [Absence] = []
    for month in 0..<months where draws.chance(settings.absencesPerMonth) {
      let first = from / 86_400 + Int((Double(month) + draws.uniform()) * 30.4)
      let length = 1 + draws.below(9)
      guard let start = clock.nextWorking(first * 86_400), start < until else { continue }
      let end = (start / 86_400 + length) * 86_400
      if let last = found.last, start <= last.end { continue }
      found.append(Absence(start: start, end: end))
    }
    return found
  }

  /// Monday to Friday, but for New Year, Christmas and Boxing Day.
  static func isWorkDay(_ day: CivilDate) -> Bool { day.weekday < 5 && !isHoliday(day) }

  static func isHoliday(_ day: CivilDate) -> Bool {
    let (_, month, number) = day.components
    return (month == 1 && number == 1) || (month == 12 && (number == 25 || number == 26))
  }
}

/// As in `M007`: a letter and as many digits as the last one needs.
private func identifier(_ letter: String, _ position: Int, of count: Int) -> String {
  let digits = String(position + 1)
  let width = max(2, String(count).count)
  return letter + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension SimulationSettings {
  /// Scales the numbers of managers and partners so that about `events` rows come out.
  fileprivate mutating func scale(to events: Int) {
    let perManager = Interactions.rowsPerManagerMonth(self) * Double(months)
    let ratio = Double(managers) / Double(partners)
    managers = max(1, Int((Double(events) / perManager).rounded()))
    partners = max(1, Int((Double(managers) / ratio).rounded()))
    self.events = nil
  }
}
