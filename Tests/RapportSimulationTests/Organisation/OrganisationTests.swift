import Testing

@testable import RapportSimulation

@Suite struct OrganisationTests {
  @Test func `every manager has a home partner, an L&D partner and another, with shares that sum to one`() throws {
    let organisation = try Organisation(SimulationSettings())
    for manager in organisation.managers {
      let pairs = manager.pairs.map { organisation.pairs[$0] }
      #expect(pairs.count == 3)
      #expect(Set(pairs.map(\.partner)).count == 3)
      #expect(pairs.filter(\.isLearning).count == 1)
      #expect(pairs[0].place == 0 && !pairs[0].isLearning)
      #expect(abs(pairs.reduce(0) { $0 + $1.share } - 1) < 1e-12)
    }
  }

  @Test(arguments: [(1, 1), (1, 3), (2, 3), (40, 5)])
  func `small organisations hold together`(_ managers: Int, _ partners: Int) throws {
    var settings = SimulationSettings()
    (settings.managers, settings.partners) = (managers, partners)
    let organisation = try Organisation(settings)
    #expect(organisation.managers.allSatisfy { !$0.pairs.isEmpty && $0.pairs.count <= partners })
    #expect(organisation.partners.contains { !$0.isLearning })
  }

  @Test func `without spread all managers and pairs are alike`() throws {
    var settings = SimulationSettings()
    settings.traitSpread = 0
    settings.favouredShare = 0
    settings.trendShare = 0
    let organisation = try Organisation(settings)
    #expect(organisation.pairs.allSatisfy { $0.readiness == 0 && $0.favour == 1 && $0.traits.allSatisfy { $0 == 0 } })
  }

  // 2000 managers: the standard error of a mean is 0.022, that of a variance 0.032; four of them are allowed.
  @Test func `traits are standard normal, alike within a domain and somewhat alike across`() throws {
    var settings = SimulationSettings()
    settings.managers = 2000
    settings.partners = 100
    settings.turnover = 0
    settings.behaviours = [.requests]
    let organisation = try Organisation(settings)
    func correlation(_ a: LatentTrait, _ b: LatentTrait) -> Double {
      let pairs = organisation.managers.map { ($0.traits[a.rawValue], $0.traits[b.rawValue]) }
      return pairs.reduce(0) { $0 + $1.0 * $1.1 } / Double(pairs.count)
    }
    let mean = organisation.managers.reduce(0) { $0 + $1.traits[LatentTrait.goals.rawValue] } / 2000
    #expect(abs(mean) < 0.09)
    #expect(abs(correlation(.goals, .goals) - 1) < 0.13)
    #expect(abs(correlation(.goals, .alternatives) - 0.8) < 0.13)
    #expect(abs(correlation(.goals, .calm) - 0.5) < 0.13)
  }

  // 3000 pairs at 5 %: 150 ± 4 × 12.
  @Test func `plants as many favoured pairs as asked for`() throws {
    var settings = SimulationSettings()
    settings.managers = 1000
    settings.partners = 100
    let organisation = try Organisation(settings)
    let favoured = organisation.pairs.filter { $0.favour != 1 }
    #expect(abs(favoured.count - 150) < 48)
    #expect(favoured.allSatisfy { $0.favour == 2.5 })
  }

  @Test func `group differences reach those who have the attribute's value`() throws {
    var settings = SimulationSettings()
    settings.traitSpread = 0
    settings.favouredShare = 0
    settings.groupDifferences = [GroupDifference(attribute: "location", value: "remote", factor: 0.5)]
    let organisation = try Organisation(settings)
    let column = ManagerAttribute.names.firstIndex(of: "location")!
    for pair in organisation.pairs {
      let isRemote = organisation.managers[pair.manager].attributes[column] == "remote"
      #expect(abs(pair.readiness - (isRemote ? -0.6931471805599453 : 0)) < 1e-12)
    }
  }

  @Test func `a trend moves a trait from first day to last by its size`() throws {
    var settings = SimulationSettings()
    settings.trendShare = 1
    let organisation = try Organisation(settings)
    let pair = organisation.pairs[0]
    let span = organisation.span
    let change = pair.level(.goals, at: span.upperBound, in: span) - pair.level(.goals, at: span.lowerBound, in: span)
    #expect(abs(abs(change) - 1) < 1e-9)
    let middle = pair.level(.goals, at: (span.lowerBound + span.upperBound) / 2, in: span)
    #expect(abs(middle - pair.traits[LatentTrait.goals.rawValue]) < 1e-6)
  }

  @Test(arguments: [10, 60, 300]) func `every partner serves some managers`(partners: Int) throws {
    var settings = SimulationSettings()
    (settings.managers, settings.partners) = (partners * 10, partners)
    let organisation = try Organisation(settings)
    var served = [Int](repeating: 0, count: partners)
    for pair in organisation.pairs { served[pair.partner] += 1 }
    #expect(served.allSatisfy { $0 > 0 }, "managers by partner: \(served)")
  }

  // By hand: what the home partner leaves is dealt 0.54 to 0.46.
  @Test func `the home partner has the share that the settings give`() throws {
    var settings = SimulationSettings()
    (settings.managers, settings.partners, settings.homeShare) = (3, 6, 0.4)
    let organisation = try Organisation(settings)
    let shares = organisation.pairs[0..<3].map(\.share)
    #expect(zip(shares, [0.4, 0.324, 0.276]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func `managers ask equally often where volumes don't spread, whatever the confounding`() throws {
    var settings = SimulationSettings()
    (settings.managers, settings.confounding, settings.volumeSpread) = (20, 0.8, 0)
    #expect(try Organisation(settings).managers.allSatisfy { $0.volume == 1 })
    settings.volumeSpread = nil
    #expect(try !Organisation(settings).managers.allSatisfy { $0.volume == 1 })
  }
}
