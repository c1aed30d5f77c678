import RapportIngestion

/// Events and exposure by unit and month, to see whether events of one month go together.
struct MonthRates: Sendable {
  private var events: MonthSums<Int32>
  private var exposure: MonthSums<Int32>

  init(unitCount: Int, months: ClosedRange<Month>) {
    events = MonthSums(unitCount: unitCount, months: months)
    exposure = events
  }

  /// Counts a unit's events of one month; unit −1 is none.
  @inline(__always) mutating func add(_ unit: Int, _ month: Month, events count: Int32 = 1) {
    events.add(unit, month, count)
  }

  /// Counts what a unit's events of one month are held against; unit −1 is none.
  @inline(__always) mutating func add(_ unit: Int, _ month: Month, exposure amount: Int32) {
    exposure.add(unit, month, amount)
  }

  /// By unit, in these months.
  func totals(_ months: MonthSelection) -> (events: [Double], exposure: [Double]) {
    (events.counts(months), exposure.counts(months))
  }

  /// How events of one month go together, and what that makes of each unit's variance.
  ///
  ///     var(y) = λ e D        D = 1 + c λ Σ eₘ²/e        eₘ of a unit's exposure e in a month
  ///     1 + ĉ = Σ w Sₛ/Eₛ / Σ w S꜀/E꜀        w = Eₛ E꜀/(Eₛ + E꜀)/e        over units
  ///     Sₛ = Σ yₘ (yₘ − 1)    S꜀ = y² − Σ yₘ²        ordered pairs of a unit's events of one month, and of different ones
  ///     Eₛ = Σ eₘ²    E꜀ = e² − Σ eₘ²        and what they are proportional to
  ///
  /// Where a unit's rate varies from month to month with the coefficient of variation √c, one pair of events of a month is 1 + c
  /// times as frequent as one of different months, whatever the unit's own rate. One c for all units, which alone are too small to
  /// tell. D is each unit's own by its exposure, at the rate λ of all together: by its own rate units with many events would weigh
  /// less, and all values lay 6 % too low where c = 1. A unit that has all its exposure in one month tells nothing of c.
  ///
  /// Source: as of shares (``MonthClusters/clustering(_:)``), for counts: Cox & Isham (1980), Point processes, §2.4, for the pairs;
  /// Rao & Scott (1999), A simple method for analysing overdispersion in clustered Poisson data, for D.
  func clustering(_ months: MonthSelection) -> Clustering {
    let places = events.places(months)
    var (together, apart, allEvents, allExposure) = (0.0, 0.0, 0.0, 0.0)
    var repeats = [Double](repeating: 0, count: events.unitCount)
    for unit in repeats.indices {
      var (y, yy, e, ee) = (0.0, 0.0, 0.0, 0.0)
      for place in places {
        let (count, size) = (Double(events.sum(unit, place)), Double(exposure.sum(unit, place)))
        y += count
        yy += count * count
        e += size
        ee += size * size
      }
      guard e > 0 else { continue }
      allEvents += y
      allExposure += e
      repeats[unit] = ee / e
      let others = e * e - ee
      guard others > 0 else { continue }
      together += others * (yy - y) / (e * e * e)
      apart += ee * (y * y - yy) / (e * e * e)
    }
    let mean = allExposure > 0 ? allEvents / allExposure : 0
    let variation = apart > 0 ? max(0, together / apart - 1) : 0
    let excess = repeats.map { variation * mean * $0 }
    return Clustering(correlation: variation, excess: excess, ownExcess: excess)
  }
}
