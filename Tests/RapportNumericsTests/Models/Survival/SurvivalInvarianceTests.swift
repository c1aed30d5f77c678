import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

/// What must not change a curve or a test: the order of subjects, the unit of time, the names of groups; and what it means to
/// count everybody twice.
@Suite struct SurvivalInvarianceTests {
  static let sample: (times: [Double], events: [Bool], groups: [Int]) = {
    var stream = RandomStream(seed: 6, purpose: "survival invariance")
    let groups = (0..<80).map { _ in stream.integer(below: 3) }
    let times = groups.map { (-log(1 - stream.uniform()) * Double(10 + 4 * $0)).rounded(.up) }
    return (times, times.map { _ in stream.uniform() < 0.7 }, groups)
  }()

  private func test(_ order: [Int], scale: Double = 1, names: [Int] = [0, 1, 2], rho: Double = 0) throws -> LogRank {
    let (times, events, groups) = Self.sample
    return try LogRank(
      times: order.map { times[$0] * scale }, events: order.map { events[$0] },
      groups: order.map { names[groups[$0]] }, groupCount: 3, rho: rho)
  }

  @Test(arguments: [0.0, 1])
  func `log-rank: order, unit and names`(_ rho: Double) throws {
    let plain = try test(Array(0..<80), rho: rho)
    expectClose(try test(Array((0..<80).reversed()), rho: rho).chiSquared, plain.chiSquared, relative: 1e-12)
    expectClose(try test(Array(0..<80), scale: 3600, rho: rho).chiSquared, plain.chiSquared, relative: 1e-12)
    let renamed = try test(Array(0..<80), names: [2, 0, 1], rho: rho)
    expectClose(renamed.chiSquared, plain.chiSquared, relative: 1e-10)
    expectClose(renamed.observed[2], plain.observed[0], relative: 1e-12)
    // Nobody is lost: what is observed is what is expected, over all groups.
    expectClose(plain.expected.reduce(0, +), plain.observed.reduce(0, +), relative: 1e-12)
  }

  @Test func `log-rank: one stratum is none, and a stratum of its own for everybody compares nobody`() throws {
    let (times, events, groups) = Self.sample
    let plain = try LogRank(times: times, events: events, groups: groups, groupCount: 3)
    let same = try LogRank(
      times: times, events: events, groups: groups, groupCount: 3, strata: times.map { _ in 7 })
    #expect(plain == same)
    let alone = try LogRank(
      times: times, events: events, groups: groups, groupCount: 3, strata: Array(times.indices))
    expectClose(alone.observed, alone.expected, relative: 1e-12)
  }

  @Test func `Kaplan-Meier: order and unit; everybody twice halves the variance of log S`() throws {
    let (times, events, _) = Self.sample
    let plain = try KaplanMeier(times: times, events: events)
    let turned = try KaplanMeier(times: times.reversed(), events: events.reversed())
    #expect(plain == turned)
    let seconds = try KaplanMeier(times: times.map { $0 * 60 }, events: events)
    let twice = try KaplanMeier(times: times + times, events: events + events)
    for t in [3.0, 9, 20] {
      #expect(seconds.survival(at: 60 * t) == plain.survival(at: t))
      expectClose(twice.survival(at: t), plain.survival(at: t), relative: 1e-12)
    }
    #expect(twice.median().time == plain.median().time)
    #expect(seconds.median().time == plain.median().time.map { 60 * $0 })
  }

  // Without censoring S is the share that is left, and the restricted mean up to the last time is the mean.
  @Test func `without censoring it is counting`() throws {
    let (times, _, _) = Self.sample
    let curve = try KaplanMeier(times: times, events: times.map { _ in true })
    for t in [2.0, 7, 15] {
      expectClose(curve.survival(at: t), Double(times.count { $0 > t }) / 80, relative: 1e-12, absolute: 1e-15)
    }
  }
}
