import RapportIngestion

/// Surveys: each side rates the other every quarter, and the manager's team is asked anonymously twice a year.
///
/// A rating is a normal number rounded to 1–5.
struct Ratings: Interaction {
  let behaviour = Behaviour.surveys
  static let spread = 0.9
  static let middle = 3.5
  static let slope = 0.6
  /// Chance that a quarter's rating is given; the team's size and the chance that a member answers.
  static let namedChance = 0.7
  static let teamSize = 9
  static let teamChance = 0.7

  /// The mean of the rounded rating, Σ k P(k).
  static func mean(_ level: Double) -> Double {
    let center = middle + slope * level
    var mean = 1.0
    for k in 2...5 { mean += 1 - normalDistribution((Double(k) - 0.5 - center) / spread) }
    return mean
  }

  static func rating(_ level: Double, _ draws: inout Draws) -> Int16 {
    Int16(min(5, max(1, (middle + slope * level + spread * draws.normal()).rounded())))
  }

  /// Quarters and half-years that end within the period; each survey falls into the last week of its own.
  private func ends(_ organisation: Organisation, every months: Int) -> [Int] {
    stride(from: months, through: organisation.settings.months, by: months).map {
      organisation.days.lowerBound.addingMonths($0).dayNumber * 86_400
    }
  }

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    var draws = Draws(seed: organisation.settings.seed, .surveys, pair.manager, pair.partner)
    let manager = organisation.managers[pair.manager]
    let dayStart = organisation.clock.dayStart
    let daySeconds = organisation.clock.daySeconds
    func moment(before end: Int) -> Int {
      let day = end / 86_400 - 1 - draws.below(7)
      return day * 86_400 + dayStart + draws.below(daySeconds)
    }
    func present(_ time: Int) -> Bool { manager.joined <= time && time < manager.left }
    for end in ends(organisation, every: 3) {
      for (rater, trait) in [(Party.manager, LatentTrait.ratingOfPartner), (.partner, .ratingOfManager)] {
        let time = moment(before: end)
        let isGiven = draws.chance(Ratings.namedChance * min(1, organisation.settings.activity))
        let value = Ratings.rating(pair.level(trait, at: time, in: organisation.span), &draws)
        guard isGiven && present(time) else { continue }
        var survey = SimulatedEvent(.survey, at: time, actor: rater, manager: pair.manager, partner: pair.partner)
        survey.value = value
        log.append(survey)
      }
    }
    guard pair.place == 0 else { return }
    let trend = pair.trend
    for end in ends(organisation, every: 6) {
      for _ in 0..<Ratings.teamSize {
        let time = moment(before: end)
        let answers = draws.chance(Ratings.teamChance)
        let position = Double(time - organisation.span.lowerBound) / Double(organisation.span.count) - 0.5
        let value = Ratings.rating(manager.traits[LatentTrait.teamRating.rawValue] + trend * position, &draws)
        guard present(time) else { continue }
        log.append(
          SimulatedEvent(
            .surveyInvitation, at: time - 86_400 * 14, actor: nil, manager: pair.manager, partner: nil))
        guard answers else { continue }
        var survey = SimulatedEvent(.survey, at: time, actor: nil, manager: pair.manager, partner: nil)
        survey.value = value
        log.append(survey)
      }
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] { [] }

  /// surveyScore, each side by half, or one side alone where the other isn't rated:
  ///
  ///     HR       mean over pairs of the rounded ratingOfPartner
  ///     manager  (Σ h · ratingOfManager + t · teamRating) / (Σ h + t)
  ///
  /// h is the chance that a side is heard at least once, t the expected number of the team's answers.
  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] {
    let months = organisation.settings.months
    let quarters = months / 3
    guard quarters > 0, let first = pairs.first else { return [:] }
    let named = Ratings.namedChance * min(1, organisation.settings.activity)
    var missed = 1.0
    for _ in 0..<quarters { missed *= 1 - named }
    let heard = 1 - missed
    func sum(_ trait: LatentTrait) -> Double { pairs.reduce(0) { $0 + Ratings.mean($1.traits[trait.rawValue]) } }
    let team = Double(months / 6 * Ratings.teamSize) * Ratings.teamChance
    let teamRating = organisation.managers[first.manager].traits[LatentTrait.teamRating.rawValue]
    let respondents = heard * Double(pairs.count) + team
    var sides: [Double] = []
    if heard > 0 { sides.append(sum(.ratingOfPartner) / Double(pairs.count)) }
    if respondents > 0 {
      sides.append((heard * sum(.ratingOfManager) + team * Ratings.mean(teamRating)) / respondents)
    }
    return sides.isEmpty ? [:] : ["surveyScore": sides.reduce(0, +) / Double(sides.count)]
  }
}
