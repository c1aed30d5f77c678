import Glibc

/// The fixed, versioned end points between which every indicator is put on 1–100 points (METHODS.md §9).
///
///     points = 1 + 99 · clamp((g(value) − g(lowest)) / (g(highest) − g(lowest)), 0, 1)      g = log or identity
///
/// Fixed, so that points mean the same for everybody and in every report. 1 and not 0 at the lower end, because a
/// geometric mean with a zero in it is zero whatever the rest says (METHODS.md §14.9).
///
/// A change to any number below changes scores: give the table a new version.
public enum Goalposts {
  /// Stands in every assessment.
  public static let version = "goalposts-2026-11"

  /// The table, in the order of ``Indicator``.
  public static let table: [Goalpost] = [
    post(
      .adjustedResponseRatio, 2, 0.5, isLogarithmic: true,
      "Twice and half the time of comparable requests; the organisation's usual stands in the middle."),
    post(
      .answeredWithinTarget, 0.4, 1,
      "Every agreed target met; below two in five a target no longer informs anyone."),
    post(
      .typicalWait, 288_000, 3_600, isLogarithmic: true,
      "From 80 hours, two weeks where a calendar of working hours is given, to one hour."),
    post(.resolvedForGood, 0.6, 1, "Nothing comes back; two in five come back."),
    post(
      .predictability, 8, 1.5, isLogarithmic: true,
      "Typical answers within a factor of 1.5 can be planned with; within a factor of 8 they can't."),
    post(
      .evenness, 2, 1, isLogarithmic: true,
      "Treated like the partner's other managers; twice as fast or as slow as they are."),
    post(.regularity, 0, 1, "A check-in in every exposed month; in none."),
    post(.promisesKeptOnTime, 0.4, 1, "Every promise by its time; two in five."),
    post(.slippage, 0.6931471805599453, 0, "Done in the promised time; in twice of it."),
    post(.initiativeBalance, 0, 1, "Both sides seek contact alike; only one does."),
    post(.oneToOneTime, 0, 1, "Half an hour together in every exposed month; in none."),
    post(.loopClosure, 0.2, 1, "All feedback followed up within 60 days; one in five."),
    post(
      .settlementTime, 5_184_000, 259_200, isLogarithmic: true,
      "From 60 days to 3 days in which conflicts are typically settled."),
    post(.escalationRate, 10, 0, "No request needs escalating; one in ten does."),
    post(
      .jointDecisions, 0.1, 0.9,
      "Nine in ten decided together, since some decisions are rightly one side's; one in ten."),
    post(.goalsMetOnTime, 0.3, 1, "All goals by their time; three in ten, since goals are set to stretch."),
    post(.alternativesOffered, 0, 1, "Every objection comes with another way; none does."),
    post(.creditGiven, 0, 10, "One interaction in ten gives credit; none does."),
    post(.developmentActions, 0, 2, "Two trainings per quarter; none."),
    post(
      .surveyScore, 2, 4.5,
      "On 1–5, other scales moved onto it: 4.5 leaves room for honest fours; 2 is the second lowest answer."),
  ]

  /// Where this indicator's points begin and end.
  public static func goalpost(_ indicator: Indicator) -> Goalpost { table[indicator.index] }

  /// Points from 1 to 100 of a value in the indicator's unit; a survey score on the scale 1–5.
  ///
  /// Values beyond the goalposts get 1 or 100.
  public static func points(for indicator: Indicator, value: Double) -> Double { scales[indicator.index].points(value) }

  /// Points of a position between the goalposts.
  @inline(__always) static func points(position: Double) -> Double { 1 + 99 * min(max(position, 0), 1) }

  /// A goalpost made ready for many values: one logarithm and one multiplication each.
  struct Scale: Sendable {
    let offset: Double
    let slope: Double
    let isLogarithmic: Bool

    /// Where a value stands: 0 at the lowest goalpost, 1 at the highest, and beyond them outside.
    @inline(__always) func position(_ value: Double) -> Double {
      (isLogarithmic ? Glibc.log(max(value, 1e-300)) : value) * slope + offset
    }
    /// The position of exp(`logValue`), for logarithmic goalposts without a detour.
    @inline(__always) func position(logValue: Double) -> Double {
      isLogarithmic ? logValue * slope + offset : position(Glibc.exp(logValue))
    }
    @inline(__always) func points(_ value: Double) -> Double { Goalposts.points(position: position(value)) }
    @inline(__always) func points(logValue: Double) -> Double {
      Goalposts.points(position: position(logValue: logValue))
    }
  }

  static let scales: [Scale] = table.map { goalpost in
    let lowest = goalpost.isLogarithmic ? Glibc.log(goalpost.lowest) : goalpost.lowest
    let highest = goalpost.isLogarithmic ? Glibc.log(goalpost.highest) : goalpost.highest
    return Scale(
      offset: -lowest / (highest - lowest), slope: 1 / (highest - lowest), isLogarithmic: goalpost.isLogarithmic)
  }

  private static func post(
    _ indicator: Indicator, _ lowest: Double, _ highest: Double, isLogarithmic: Bool = false, _ reason: String
  ) -> Goalpost {
    Goalpost(
      indicator: indicator.rawValue, domain: indicator.domain.rawValue, direction: indicator.direction.rawValue,
      role: indicator.role.rawValue, unit: indicator.unit, lowest: lowest, highest: highest,
      isLogarithmic: isLogarithmic, reason: reason)
  }
}
