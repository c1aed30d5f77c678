import Glibc
import Rapport
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct TableHazardModelTests {
  private static func table(_ text: String) -> Table { TableMixedModelTests.table(text) }

  private static func cox(_ change: (inout TableHazardModel) -> Void = { _ in }) -> TableHazardModel {
    var model = TableHazardModel(.cox, event: "e")
    model.stop = "t"
    model.fixed = FixedTerms(["x"])
    change(&model)
    return model
  }

  private static func choice(_ change: (inout TableHazardModel) -> Void = { _ in }) -> TableHazardModel {
    var model = TableHazardModel(.choice, event: "e")
    model.strata = ["s"]
    model.fixed = FixedTerms(["x"])
    change(&model)
    return model
  }

  /// Three events with x = 1, 0, 1: u/(2u + 1) · 1/(1 + u) is largest at u² = ½.
  static let three = table("t e x\n1 1 1\n2 1 0\n3 1 1")
  /// Three sets of two, x = 1 chosen in two of them: the odds are 2 to 1.
  static let sets = table("s e x\n1 1 1\n1 0 0\n2 0 0\n2 1 1\n3 1 0\n3 0 1")

  @Test func `three events by hand`() throws {
    let fit = try Self.cox().fit(Self.three)
    #expect(fit.coefficients.map(\.name) == ["x"] && fit.events == 3 && fit.observations == 3 && fit.strata == 1)
    expectClose(fit.coefficients[0].estimate, -0.5 * log(2), relative: 1e-9)
    let u = 0.5.squareRoot()
    expectClose(fit.logLikelihood, log(u / (2 * u + 1) / (1 + u)), relative: 1e-12)
    expectClose(fit.nullLogLikelihood, -log(6), relative: 1e-12)
    // Of the pairs that can be compared, 1–2, 1–3 (one prediction) and 2–3, x = 0 has the larger hazard.
    expectClose(try #require(fit.concordance), (1 + 0.5) / 3, relative: 1e-12)
    #expect(fit.variances == nil && fit.effects == nil && fit.notes.isEmpty)
  }

  @Test func `three choices by hand`() throws {
    let fit = try Self.choice().fit(Self.sets)
    expectClose(fit.coefficients[0].estimate, log(2), relative: 1e-9)
    expectClose(fit.coefficients[0].standardError, 1.5.squareRoot(), relative: 1e-9)
    expectClose(fit.logLikelihood, 2 * log(2.0 / 3) + log(1.0 / 3), relative: 1e-12)
    #expect(fit.strata == 3 && fit.events == 3 && fit.concordance == nil)
  }

  @Test func `times of the calendar, numbers and any later order give the same`() throws {
    let byTime = Self.table(
      """
      s a t e x
      p 2026-01-05T09:00 2026-01-05T12:00 1 1
      p 2026-01-05T09:30 2026-01-06T10:00 1 0
      p 2026-01-05T11:00 2026-01-07 0 1
      p 2026-01-06T09:00 2026-01-06T15:00Z 1 1
      q 2026-01-05 2026-01-05T10:00 1 0
      q 2026-01-05 2026-01-05T11:00 1 1
      q 2026-01-05 2026-01-05T12:00 0 0
      """)
    let byNumber = Self.table(
      "s a t e x\nq 0 1 1 0\nq 0 2 1 1\nq 0 3 0 0\np 10 13 1 1\np 11 20 1 0\np 12 30 0 1\np 19 25 1 1")
    var model = Self.choice()
    model.start = "a"
    model.stop = "t"
    let fit = try model.fit(byTime)
    let other = try model.fit(byNumber)
    expectClose(fit.coefficients[0].estimate, other.coefficients[0].estimate, relative: 1e-9)
    expectClose(fit.logLikelihood, other.logLikelihood, relative: 1e-12)
    #expect(fit.events == 5 && fit.observations == 7)
  }

  @Test(arguments: ["true false", "yes no", "T F", "2 1", "y n"])
  func `events are told in many ways`(_ words: String) throws {
    let (yes, no) = (String(words.split(separator: " ")[0]), String(words.split(separator: " ")[1]))
    var table = Self.sets
    for row in table.rows.indices { table.rows[row][1] = table.rows[row][1] == "1" ? yes : no }
    let fit = try Self.choice().fit(table)
    expectClose(fit.coefficients[0].estimate, log(2), relative: 1e-9)
    #expect(fit.notes == (yes == "2" ? ["'e' holds 1 and 2: 2 is the event"] : []))
    expectClose(
      try Self.choice { $0.event = "e=\(yes)" }.fit(table).coefficients[0].estimate, log(2), relative: 1e-9)
    expectClose(
      try Self.choice { $0.event = "e=\(no)" }.fit(table).coefficients[0].estimate, -log(2), relative: 1e-9)
  }

  @Test func `spans without length are left out and told`() throws {
    var table = Self.table("a t e x\n0 1 1 1\n0 2 1 0\n0 3 1 1")
    table.rows.append(["4", "4", "1", "1"])
    let fit = try Self.cox { $0.start = "a" }.fit(table)
    expectClose(fit.coefficients[0].estimate, -0.5 * log(2), relative: 1e-9)
    #expect(fit.rows.used == 3 && fit.notes == ["1 row left out because their stop isn't after their start"])
  }

  @Test func `separation is told, and a prior ends it`() throws {
    let table = Self.table("s e x\n1 1 1\n1 0 0\n2 0 0\n2 1 1")
    let fit = try Self.choice().fit(table)
    #expect(fit.diverging == ["x"] && fit.notes.contains { $0.contains("separate the events") })
    #expect(fit.coefficients[0].low == nil && fit.coefficients[0].pValue == nil)
    let held = try Self.choice { $0.prior = 1 }.fit(table)
    #expect(held.diverging.isEmpty && held.likelihoodRatioTest == nil)
    // b maximises 2 log(u/(1 + u)) − b²/2: b = 2/(1 + eᵇ).
    let b = held.coefficients[0].estimate
    expectClose(b, 2 / (1 + exp(b)), relative: 1e-8)
  }

  @Test func `random effects have variances and levels; nested in strata they are refused`() throws {
    var random = RandomStream(seed: 3, purpose: "table hazards")
    var table = Table(name: "t.csv", header: ["t", "e", "x", "m", "s"], rows: [])
    for row in 0..<60 {
      let x = random.normal()
      let effect = [-0.8, -0.3, 0, 0.1, 0.4, 0.9][row % 6]
      let time = -log(random.uniform()) * exp(-0.5 * x - effect)
      table.rows.append(["\(time)", random.uniform() < 0.8 ? "1" : "0", "\(x)", "m\(row % 6)", "s\(row % 2)"])
    }
    table = Table(name: table.name, header: table.header, rows: table.rows)
    let fit = try Self.cox { $0.random = ["m"] }.fit(table)
    #expect(fit.variances?.map(\.group) == ["m"])
    #expect(fit.effects?.map(\.level) == (0..<6).map { "m\($0)" })
    let effects = try #require(fit.effects)
    #expect(effects[0].estimate < effects[5].estimate && effects[0].standardDeviation > 0)
    #expect(fit.logLikelihood > fit.nullLogLikelihood)
    let nested = #expect(throws: IngestionError.self) {
      try Self.cox { ($0.random, $0.strata) = (["s"], ["m"]) }.fit(table)
    }
    #expect(nested?.description.contains("the same throughout each stratum") == true)
  }

  // Each set is a cluster, whose score at 2/3 is 1 − 2/3, 1 − 2/3 and 0 − 2/3: V = (3/2)² (1/9 + 1/9 + 4/9) = 3/2. Three clusters
  // make 3/2 · 3/2 of it, so an error of 3/2, and of Student's t with two degrees of freedom P(|T| > t) = 1 − t/√(t² + 2).
  @Test func `intervals of few clusters rest on G − 1 degrees of freedom`() throws {
    let fit = try Self.choice { $0.cluster = "s" }.fit(Self.sets)
    #expect(fit.clusters == 3)
    let term = fit.coefficients[0]
    expectClose(try #require(term.robustStandardError), 1.5.squareRoot(), relative: 1e-9)
    #expect(term.degreesOfFreedom == 2)
    // The test of all coefficients is that of the only one, F = t².
    let wald = try #require(fit.waldTest)
    #expect(fit.likelihoodRatioTest == nil && wald.numerator == 1 && wald.denominator == 2)
    expectClose(wald.ratio, (log(2) / 1.5) * (log(2) / 1.5), relative: 1e-9)
    expectClose(wald.pValue, try #require(term.pValue), relative: 1e-9)
    expectClose(try #require(term.low), log(2) - 4.302652729911275 * 1.5, relative: 1e-9)
    expectClose(try #require(term.high), log(2) + 4.302652729911275 * 1.5, relative: 1e-9)
    let t = log(2) / 1.5
    expectClose(try #require(term.pValue), 1 - t / (t * t + 2).squareRoot(), relative: 1e-9)
    #expect(fit.notes.count == 1 && fit.notes[0].hasPrefix("'s' makes only 3 clusters"))
    let plain = try Self.choice().fit(Self.sets)
    #expect(plain.waldTest == nil && plain.likelihoodRatioTest != nil)
    #expect(try Self.choice { ($0.cluster, $0.prior) = ("s", 2) }.fit(Self.sets).waldTest == nil)
    #expect(plain.clusters == nil && plain.notes.isEmpty && plain.coefficients[0].degreesOfFreedom == nil)
    expectClose(
      try #require(plain.coefficients[0].high), log(2) + 1.959963984540054 * 1.5.squareRoot(), relative: 1e-9)
    // Twenty clusters and more aren't noted.
    var many = Table(name: "t.csv", header: ["s", "e", "x"], rows: [])
    for set in 0..<21 {
      many.rows.append(["\(set)", "1", set % 3 == 0 ? "0" : "1"])
      many.rows.append(["\(set)", "0", set % 3 == 0 ? "1" : "0"])
    }
    let sure = try Self.choice { $0.cluster = "s" }.fit(Table(name: "t.csv", header: many.header, rows: many.rows))
    #expect(sure.notes.isEmpty && sure.coefficients[0].degreesOfFreedom == 20)
  }

  @Test func `no more clusters than columns can't tell their errors`() {
    for (text, needed, found) in [
      ("t e x z c\n1 1 1 3 a\n2 1 0 1 a\n3 1 1 2 a\n4 1 0 2 a", "3 clusters", "1"),
      ("t e x z c\n1 1 1 3 a\n2 1 0 1 b\n3 1 1 2 a\n4 1 0 2 b", "3 clusters", "2"),
      // The third is in a row that leaves before anything happens.
      ("t e x z c\n1 1 1 3 a\n2 1 0 1 b\n3 1 1 2 a\n4 1 0 2 b\n0.5 0 1 2 c", "3 clusters", "2"),
    ] {
      let error = #expect(throws: IngestionError.self) {
        try Self.cox { ($0.cluster, $0.fixed) = ("c", FixedTerms(["x", "z"])) }.fit(Self.table(text))
      }
      #expect(error?.kind == .unusable)
      let says = error?.description ?? ""
      #expect(says.contains("2 columns need \(needed) or more") && says.contains("lie in \(found);"), "\(says)")
    }
  }

  @Test func `options that contradict each other are refused`() {
    for (model, says) in [
      (Self.cox { $0.stop = nil }, "--stop is missing"), (Self.cox { $0.fixed.terms = [] }, "--fixed is missing"),
      (Self.cox { $0.prior = 0 }, "--prior: found 0"), (Self.choice { $0.strata = [] }, "--strata is missing"),
      (Self.choice { $0.start = "x" }, "--start needs --stop"),
      (Self.cox { ($0.cluster, $0.random) = ("x", ["x"]) }, "two answers"),
      (Self.cox { $0.cluster = "x,e" }, "--cluster: found 'x,e', expected one column; x:e makes a cluster of every"),
      (Self.cox { $0.cluster = "," }, "--cluster: found ',', expected one column"),
      (Self.cox { ($0.cluster, $0.ties) = ("x", .exact) }, "--ties exact"),
      (Self.cox { $0.fixed.terms = ["e"] }, "is the event already"), (Self.cox { $0.event = "f" }, "no column 'f'"),
      (Self.cox { $0.fixed.terms = ["t"] }, "is the stop already"),
    ] {
      let error = #expect(throws: IngestionError.self) { try model.fit(Self.three) }
      #expect(
        error?.kind == .usage && error?.description.contains(says) == true, "\(says): \(error?.description ?? "")")
    }
  }

  @Test func `values that can't be used are refused with their place`() {
    for (text, says) in [
      ("t e x\n1 0 1\n2 0 2", "no event happened in the 2 rows"),
      ("t e x\n1 3 1\n2 1 2", "t.csv:2: column 'e': found '3'"),
      ("t e x\nsoon 1 1\n2 0 2", "t.csv:2: column 't': found 'soon', expected a number or a time"),
    ] {
      let error = #expect(throws: IngestionError.self) { try Self.cox().fit(Self.table(text)) }
      #expect(error?.kind == .unusable && error?.description.contains(says) == true, "\(error?.description ?? "")")
    }
    let mixed = #expect(throws: IngestionError.self) {
      try Self.cox { $0.start = "a" }.fit(Self.table("a t e x\n1 2026-01-05 1 1\n2 2026-01-06 0 2"))
    }
    #expect(mixed?.description.contains("numbers both, or times both") == true)
    let never = #expect(throws: IngestionError.self) { try Self.cox { $0.event = "e=9" }.fit(Self.three) }
    #expect(never?.description.contains("'e' is never '9'") == true)
  }

  // A column's own colon isn't a product's, and a product's name isn't a column's.
  @Test func `strata of several columns cross what these hold`() throws {
    let rows = (0..<24).map { i in
      let (g, z) = (["p", "q"][i % 2], ["u", "v", "w"][i / 2 % 3])
      return ["\(1 + i * 7 % 11)", i % 5 == 0 ? "0" : "1", "\(i * i % 13)", g, z, "k\(i)", "\(g)/\(z)", g]
    }
    let table = Table(name: "t.csv", header: ["t", "e", "x", "g", "z", "g:z", "both", "unit:site"], rows: rows)
    let crossed = try Self.cox { $0.strata = ["both"] }.fit(table)
    #expect(crossed.strata == 6)
    for strata in [["g,z"], ["g", "z"], ["unit:site", "z"], ["z", "g"]] {
      let fit = try Self.cox { $0.strata = strata }.fit(table)
      #expect(fit.strata == 6, "\(strata)")
      expectClose(fit.coefficients[0].estimate, crossed.coefficients[0].estimate, relative: 1e-12)
      expectClose(fit.logLikelihood, crossed.logLikelihood, relative: 1e-12)
    }
  }

  // As in CoxTests: nothing tells any of the three.
  @Test func `coefficients that others' divergence leaves untold have no interval`() throws {
    let table = Self.table("t e x y z\n46 1 0 0 0\n67 0 2 2 2\n47 0 1 1 1\n76 1 2 1 2\n68 0 1 1 2")
    let fit = try Self.cox { $0.fixed = FixedTerms(["x,y,z"]) }.fit(table)
    #expect(fit.coefficients.count == 3)
    #expect(fit.coefficients.allSatisfy { $0.low == nil && $0.high == nil && $0.pValue == nil })
  }
}
