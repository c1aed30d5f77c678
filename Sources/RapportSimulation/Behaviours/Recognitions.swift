import Glibc
import RapportIngestion

/// Credit given by either side.
struct Recognitions: Interaction {
  let behaviour = Behaviour.recognition
  static let byPartner = 0.8
  static let byManager = 0.6
  static let slope = 0.5

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    var draws = Draws(seed: organisation.settings.seed, .recognition, pair.manager, pair.partner)
    for (giver, perMonth, trait) in [
      (Party.partner, Recognitions.byPartner, LatentTrait.partnerCredit),
      (.manager, Recognitions.byManager, .managerCredit),
    ] {
      let moments = organisation.moments(
        organisation.rate(perMonth, pair), slope: Recognitions.slope, trait, of: pair, &draws)
      for moment in moments {
        log.append(
          SimulatedEvent(.recognition, at: moment, actor: giver, manager: pair.manager, partner: pair.partner))
      }
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    func rate(_ perMonth: Double, _ trait: LatentTrait) -> Double {
      organisation.rate(perMonth, pair) * exp(Recognitions.slope * pair.traits[trait.rawValue])
    }
    return [
      ExpectedRate(.recognition, by: .partner, perMonth: rate(Recognitions.byPartner, .partnerCredit)),
      ExpectedRate(.recognition, by: .manager, perMonth: rate(Recognitions.byManager, .managerCredit)),
    ]
  }

  /// Told by ``ManagerTruth``, since it is a rate per interaction of every kind.
  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] { [:] }

  /// Recognitions a month that count where a week of mutual praise counts as one.
  ///
  ///     a, b a week:   a e^(−b) + b e^(−a) + (1 − e^(−a)) (1 − e^(−b))
  static func counted(byPartner: Double, byManager: Double) -> Double {
    let weeks = 30.4375 / 7
    let (a, b) = (byPartner / weeks, byManager / weeks)
    return weeks * (a * exp(-b) + b * exp(-a) + (1 - exp(-a)) * (1 - exp(-b)))
  }
}
