import RapportIngestion

extension SimulationSettings {
  /// Checks that every setting lies within its range, as a simulation does before it begins.
  ///
  /// - Throws: ``SimulationError`` naming the first setting out of its range, what it was and what it may be.
  public func check() throws(SimulationError) {
    func expect(_ holds: Bool, _ name: String, _ value: some Any, _ range: String) throws(SimulationError) {
      if !holds { throw SimulationError(.settings, "\(name) is \(value); expected \(range)") }
    }
    func expectShare(_ value: Double, _ name: String) throws(SimulationError) {
      try expect(value >= 0 && value <= 1, name, value, "a share from 0 to 1")
    }
    try expect((1...1_000_000).contains(managers), "managers", managers, "1 to 1000000")
    try expect((1...100_000).contains(partners), "partners", partners, "1 to 100000")
    try expect((1...100).contains(partnersPerManager), "partnersPerManager", partnersPerManager, "1 to 100")
    try expect((1...600).contains(months), "months", months, "1 to 600")
    try expect(
      requestsPerMonth > 0 && requestsPerMonth <= 1000, "requestsPerMonth", requestsPerMonth, "above 0, to 1000")
    try expect(activity >= 0 && activity <= 100, "activity", activity, "0 to 100")
    try expect(events.map { (1000...100_000_000).contains($0) } ?? true, "events", events ?? 0, "1000 to 100000000")
    try expect(!behaviours.isEmpty, "behaviours", "empty", "at least one")
    try expect(traitSpread >= 0 && traitSpread <= 3, "traitSpread", traitSpread, "0 to 3")
    for (domain, spread) in domainSpreads.sorted(by: { $0.key < $1.key }) {
      try expect(
        LatentTrait.domains.contains(domain), "domainSpreads", "'\(domain)'",
        LatentTrait.domains.joined(separator: ", "))
      try expect(spread >= 0 && spread <= 3, "domainSpreads.\(domain)", spread, "0 to 3")
    }
    try expectShare(favouredShare, "favouredShare")
    try expect(favouredFactor > 0 && favouredFactor <= 100, "favouredFactor", favouredFactor, "above 0, to 100")
    try expectShare(trendShare, "trendShare")
    try expect(abs(trendSize) <= 5, "trendSize", trendSize, "−5 to 5")
    for difference in groupDifferences {
      let values = ManagerAttribute.all[difference.attribute]
      try expect(
        values != nil, "groupDifferences", "'\(difference.attribute)'",
        ManagerAttribute.all.keys.sorted().joined(separator: ", "))
      try expect(
        values!.contains(difference.value), "groupDifferences.\(difference.attribute)", "'\(difference.value)'",
        values!.joined(separator: ", "))
      try expect(difference.factor > 0 && difference.factor <= 100, "factor", difference.factor, "above 0, to 100")
    }
    try expect(confounding >= 0 && confounding <= 3, "confounding", confounding, "0 to 3")
    try expect(volumeSpread.map { $0 >= 0 && $0 <= 3 } ?? true, "volumeSpread", volumeSpread ?? 0, "0 to 3")
    try expect(homeShare > 0 && homeShare < 1, "homeShare", homeShare, "above 0, below 1")
    try expect(requestLuck >= 0 && requestLuck <= 5, "requestLuck", requestLuck, "0 to 5")
    try expect(utilisation > 0 && utilisation < 0.97, "utilisation", utilisation, "above 0, below 0.97")
    try expect(absencesPerMonth >= 0 && absencesPerMonth <= 1, "absencesPerMonth", absencesPerMonth, "0 to 1")
    try expect(turnover >= 0 && turnover <= 0.5, "turnover", turnover, "0 to 0.5")
    try expect((0...22).contains(dayStartsHour), "dayStartsHour", dayStartsHour, "0 to 22")
    try expect(
      (dayStartsHour + 1...24).contains(dayEndsHour), "dayEndsHour", dayEndsHour, "after dayStartsHour, to 24")
    try expect(dirtyShare >= 0 && dirtyShare <= 0.5, "dirtyShare", dirtyShare, "0 to 0.5")
    try expectShare(lateEntryShare, "lateEntryShare")
    try expectShare(learningShare, "learningShare")
    if let startDate {
      // No event lies before 1970, in whatever zone; and a year has four digits, also where the data end.
      let (first, last) = (CivilDate(year: 1970, month: 1, day: 2), CivilDate(year: 9000, month: 12, day: 31))
      try expect(
        CivilDate(startDate).map { (first...last).contains($0) } ?? false, "startDate", "'\(startDate)'",
        "a date from 1970-01-02 to 9000-12-31, as 2024-07-01")
    }
    try expect(
      referenceRequests >= 0 && referenceRequests <= 100_000, "referenceRequests", referenceRequests, "0 to 100000")
  }

  /// The first day of the data.
  var firstDay: CivilDate {
    if let startDate, let day = CivilDate(startDate) { return day }
    return CivilDate(year: 2025, month: 7, day: 1).addingMonths(-months)
  }
}
