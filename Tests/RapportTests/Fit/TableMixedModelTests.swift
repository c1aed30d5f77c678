import Rapport
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct TableMixedModelTests {
  /// Columns separated by blanks, rows by line feeds; `.` is an empty field.
  static func table(_ text: String) -> Table {
    let rows = text.split(separator: "\n").map { line in
      line.split(separator: " ").map { $0 == "." ? "" : String($0) }
    }
    return Table(name: "t.csv", header: rows[0], rows: Array(rows.dropFirst()))
  }

  static let balanced = table("y g\n1 a\n3 a\n5 b\n7 b\n9 c\n11 c")

  private func error(_ table: Table, _ change: (inout TableMixedModel) -> Void) -> IngestionError? {
    var model = TableMixedModel(response: "y")
    change(&model)
    return #expect(throws: IngestionError.self) { try model.fit(table) }
  }

  @Test func `a balanced one-way layout by hand`() throws {
    var model = TableMixedModel(response: "y")
    model.random = ["g"]
    let fit = try model.fit(Self.balanced)
    // Mean squares: within 2, between 32. Variances: 2 and (32 − 2)/2; the mean's error is √(32/6).
    #expect(fit.fixed.map(\.name) == ["(Intercept)"])
    expectClose(fit.fixed[0].estimate, 6, relative: 1e-12)
    expectClose(fit.fixed[0].standardError, (32.0 / 6).squareRoot(), relative: 1e-7)
    // Three groups leave two degrees of freedom, whose t is 4.302653 at 97.5 %.
    expectClose(try #require(fit.fixed[0].degreesOfFreedom), 2, relative: 1e-5)
    expectClose(fit.fixed[0].low, 6 - 4.302653 * (32.0 / 6).squareRoot(), relative: 1e-4)
    expectClose(fit.fixed[0].high, 6 + 4.302653 * (32.0 / 6).squareRoot(), relative: 1e-4)
    for part in fit.variances {
      let (low, high) = (try #require(part.low), try #require(part.high))
      #expect(low < part.variance && part.variance < high)
    }
    #expect(fit.variances.map(\.group) == ["g", "residual"])
    expectClose(fit.variances[0].variance, 15, relative: 1e-7)
    expectClose(fit.variances[1].variance, 2, relative: 1e-7)
    // Effects are drawn towards zero by 15/(15 + 2/2); their variance is 15 · (1 − 15/16).
    #expect(fit.effects.map(\.level) == ["a", "b", "c"])
    expectClose(fit.effects[0].estimate, -4 * 15 / 16, relative: 1e-7)
    expectClose(fit.effects[0].standardDeviation, (15.0 / 16).squareRoot(), relative: 1e-7)
    expectClose(try #require(fit.remlCriterion), -2 * fit.logLikelihood, relative: 1e-12)
    #expect(fit.observations == 6 && fit.rows.read == 6)
    #expect(fit.notes.count == 1 && fit.notes[0].contains("only 3 levels"))
    #expect(fit.notes[0].hasSuffix("Student's distribution with 2.0 degrees of freedom and more makes them"))
  }

  @Test func `numbers with decimal commas become categories only where that is said`() throws {
    let table = Self.table("y x g\n1 0,5 a\n3 1,5 a\n5 0,5 b\n7 2 b\n9 1,5 c\n12 0,5 c\n2 2 c")
    let told = error(table) { ($0.random, $0.fixed.terms) = (["g"], ["x"]) }
    #expect(told?.kind == .unusable)
    #expect(told?.description.hasPrefix("t.csv:2: column 'x': found '0,5', a number with a comma; ") == true)
    #expect(told?.description.hasSuffix("or say --categorical x where these are categories") == true)
    var model = TableMixedModel(response: "y")
    model.random = ["g"]
    model.fixed.terms = ["x"]
    model.fixed.categorical = ["x"]
    #expect(try model.fit(table).fixed.map(\.name) == ["(Intercept)", "x=1,5", "x=2"])
  }

  // Three groups with one mean: the variance is 0, the intercept has 5 degrees of freedom, and that is what is said.
  @Test func `a variance of zero counts as known, and says so`() throws {
    let table = Self.table("y g\n1 a\n3 a\n1 b\n3 b\n1 c\n3 c")
    var model = TableMixedModel(response: "y")
    model.random = ["g"]
    let fit = try model.fit(table)
    #expect(fit.variances[0].variance == 0)
    expectClose(try #require(fit.fixed[0].degreesOfFreedom), 5, relative: 1e-9)
    let note = try #require(fit.notes.first { $0.contains("only 3 levels") })
    #expect(note.contains("counts as known to be 0") && note.contains("may be too short"))
    #expect(!fit.notes.contains { $0.contains("degrees of freedom") })
  }

  @Test func `without groups it is least squares; categories have treatment contrasts`() throws {
    let table = Self.table("y topic size\n1 pay 0\n2 pay 1\n3 leave 0\n4 leave 1\n6 visa 0\n7 visa 1")
    var model = TableMixedModel(response: "y")
    model.fixed = FixedTerms(["topic,size"], references: ["topic=pay"])
    // Rows lie exactly on the plane; one is moved off it.
    var moved = table
    moved.rows[0][0] = "1.5"
    let fit = try model.fit(moved)
    #expect(fit.fixed.map(\.name) == ["(Intercept)", "topic=leave", "topic=visa", "size"])
    // Means by topic 1.75, 3.5, 6.5; the slope is the mean of 0.5, 1 and 1.
    expectClose(fit.fixed[1].estimate, 1.75, relative: 1e-10)
    expectClose(fit.fixed[2].estimate, 4.75, relative: 1e-10)
    expectClose(fit.fixed[3].estimate, 2.5 / 3, relative: 1e-10)
    model.fixed.references = []
    #expect(try model.fit(moved).fixed.map(\.name) == ["(Intercept)", "topic=pay", "topic=visa", "size"])
  }

  @Test func `numbers become categories in numeric order, and products multiply`() throws {
    let table = Self.table("y k x\n1 10 1\n2 9 2\n4 10 3\n3 9 5\n6 10 4\n5 9 6\n7 10 9")
    var model = TableMixedModel(response: "y")
    model.fixed = FixedTerms(["k,x", "k:x"], categorical: ["k"])
    #expect(try model.fit(table).fixed.map(\.name) == ["(Intercept)", "k=10", "x", "k=10:x"])
    model.fixed = FixedTerms(["k:x"])
    let alone = try model.fit(table)
    #expect(alone.fixed.map(\.name) == ["(Intercept)", "k:x"])
    #expect(alone.notes.count == 2)
  }

  @Test func `rows with something missing are left out and counted`() throws {
    let table = Self.table("y g x\n1 a .\n3 a 2\n. b .\n7 b 1\n9 c 3\n11 c 1\n4 . 1\n5 b 6")
    var model = TableMixedModel(response: "y")
    model.random = ["g"]
    model.fixed = FixedTerms(["x"])
    let fit = try model.fit(table)
    #expect(fit.rows.read == 8 && fit.rows.used == 5 && fit.rows.missing == ["g": 1, "x": 2, "y": 1])
    #expect(fit.notes[0] == "3 of 8 rows left out because something is missing: 'g' in 1, 'x' in 2, 'y' in 1")
    // The same as if the rows weren't there.
    var complete = table
    complete.rows = table.rows.filter { !$0.contains("") }
    #expect(try model.fit(complete).fixed == fit.fixed)
  }

  @Test func `levels of products are named by their parts, and their order is that of the first`() throws {
    let table = Self.table("y m p\n1 b x\n2 a y\n4 a x\n3 b x\n6 a y\n5 a x\n8 b z\n7 b z")
    var model = TableMixedModel(response: "y")
    model.random = ["m:p"]
    let fit = try model.fit(table)
    #expect(fit.variances.map(\.group) == ["m:p", "residual"])
    #expect(fit.effects.map(\.level) == ["a:x", "a:y", "b:x", "b:z"])
  }

  @Test func `a column that depends on others is left out and named`() throws {
    let table = Self.table("y a b\n1 1 2\n2 2 4\n4 3 6\n3 4 8\n6 5 10")
    var model = TableMixedModel(response: "y")
    model.fixed = FixedTerms(["a", "b"])
    let fit = try model.fit(table)
    #expect(fit.dropped == ["b"] && fit.fixed.map(\.name) == ["(Intercept)", "a"])
    #expect(fit.notes.contains { $0.contains("'b' depends") })
  }

  @Test func `what can't be fitted is told with its place and cure`() {
    let table = Self.balanced
    #expect(
      error(table) { $0.response = "yy" }?.description
        == "--response: t.csv: there is no column 'yy'; did you mean 'y'?")
    #expect(
      error(table) { $0.response = "g" }?.description.hasPrefix("t.csv:2: column 'g': found 'a', expected a number")
        == true)
    #expect(error(table) { $0.fixed.terms = ["y"] }?.description.contains("is the response already") == true)
    #expect(error(table) { $0.fixed.terms = ["g,g"] }?.description.contains("given twice") == true)
    #expect(
      error(table) { $0.fixed = FixedTerms(["g"], references: ["g=d"]) }?.description.contains("isn't a level") == true)
    #expect(error(table) { $0.fixed = FixedTerms(["g"], references: ["h=d"]) }?.kind == .usage)
    #expect(
      error(table) { $0.fixed = FixedTerms(["g"], references: ["d"]) }?.description.contains("column=level") == true)
    #expect(error(table) { $0.fixed = FixedTerms(["g"], categorical: ["y"]) }?.kind == .usage)
    for (second, found) in [("b", "'a' and 'b'"), ("a", "'a' and 'a'")] {
      let twice = error(table) { $0.fixed = FixedTerms(["g"], references: ["g=a", "g=\(second)"]) }
      #expect(twice?.kind == .usage && twice?.description.contains("'g' has \(found) as its reference") == true)
    }
    let numbers = Self.table("y x\n1 2\n2 3\n3 5\n4 x")
    #expect(error(numbers) { $0.fixed = FixedTerms(["x"]) }?.description.contains("found 'x' among numbers") == true)
    #expect(
      error(Self.table("y x\n1 2\n2 3\n3 5")) { $0.fixed = FixedTerms(["x"], references: ["x=2"]) }?.description
        .contains("--categorical x") == true)
  }

  @Test func `groups that can't be told are refused`() {
    let one = error(Self.table("y g\n1 a\n2 a\n3 a")) { $0.random = ["g"] }
    #expect(one?.kind == .unusable && one?.description.contains("one level only, 'a'") == true)
    let each = error(Self.table("y g\n1 a\n2 b\n3 c")) { $0.random = ["g"] }
    #expect(each?.description.contains("a level for each of the 3 rows") == true)
    let alike = error(Self.table("y g h\n1 a u\n2 a u\n3 b v\n5 b v")) { $0.random = ["g", "h"] }
    #expect(alike?.description.contains("group the rows alike") == true)
    // Names that sort otherwise than what they name, and factors the other way round.
    let named = error(Self.table("y g n\n1 a Z\n2 a Z\n3 b B\n5 b B\n4 c M\n9 c M")) { $0.random = ["g", "n"] }
    #expect(named?.kind == .unusable && named?.description.contains("'n' and 'g' group the rows alike") == true)
    let turned = error(Self.table("y a b\n1 p u\n2 p v\n3 q u\n5 q v\n4 p u\n9 p v\n2 q u\n3 q v")) {
      $0.random = ["a:b,b:a"]
    }
    #expect(turned?.description.contains("'b:a' and 'a:b' group the rows alike") == true)
    let twice = error(Self.balanced) { $0.random = ["g", "g"] }
    #expect(twice?.kind == .usage)
  }

  // Columns for every level of g, or for the rows within it, leave nothing of g's variance: the restricted likelihood is the same
  // whatever it is, and what was shown as an estimate was where the search began.
  @Test func `groups that fixed columns tell are refused, whatever the criterion`() throws {
    let table = Self.table(
      "y g h x\n1 a p 1\n3 a p 1\n5 b q 2\n7 b q 2\n9 c p 5\n11 c p 5\n4 a q 1\n2 b p 2\n8 c q 5")
    for fixed in [["g"], ["g", "h"], ["h", "g", "g:h"]] {
      for criterion in [LinearMixedModel.Criterion.restricted, .likelihood] {
        let told = error(table) { ($0.random, $0.fixed, $0.criterion) = (["g"], FixedTerms(fixed), criterion) }
        #expect(told?.kind == .unusable)
        #expect(
          told?.description.hasPrefix("t.csv: --random: every level of 'g' is already told by fixed columns") == true)
      }
    }
    // As numbers x and its square are three columns of three levels' means, with the intercept.
    var squared = table
    squared.header.append("xx")
    for row in squared.rows.indices {
      squared.rows[row].append("\(Int(squared.rows[row][3])! * Int(squared.rows[row][3])!)")
    }
    #expect(error(squared) { ($0.random, $0.fixed) = (["g"], FixedTerms(["x", "xx"])) }?.kind == .unusable)
    // Weights don't change what is told.
    squared.header.append("w")
    for row in squared.rows.indices { squared.rows[row].append("\(row + 1)") }
    #expect(
      error(squared) { ($0.random, $0.fixed, $0.weights) = (["g"], FixedTerms(["x", "xx"]), "w") }?.kind == .unusable)
    // x alone leaves one of two differences.
    var model = TableMixedModel(response: "y")
    (model.random, model.fixed) = (["g"], FixedTerms(["x"]))
    let fit = try model.fit(table)
    #expect(
      fit.notes.contains(
        "fixed columns tell the levels of 'g' apart but for 1 difference of 2: its variance rests on this one and is hardly known"
      ))
    model.fixed = FixedTerms(["h"])
    #expect(try !model.fit(table).notes.contains { $0.contains("apart but for") })
  }

  @Test func `tables with nothing to fit are refused`() {
    let none = error(Table(name: "t.csv", header: ["y"], rows: [])) { _ in }
    #expect(none?.kind == .unusable && none?.description.contains("no rows") == true)
    let missing = error(Self.table("y x\n1 .\n. 2")) { $0.fixed = FixedTerms(["x"]) }
    #expect(missing?.description.contains("every one of 2 rows: 'x' in 1, 'y' in 1") == true)
    let constant = error(Self.table("y\n3\n3\n3")) { _ in }
    #expect(constant?.kind == .unusable)
  }

  // 1 and 1.0 are one number and two levels, as 7 and 007 have to be; numbers that aren't levels may be written as they like.
  @Test func `equal numbers that are several levels are told`() throws {
    let table = Self.table("y g x\n1 1 1\n3 1.0 1.0\n5 2 2\n7 2 3\n9 3 4\n11 3 5\n4 1 2\n5 1.0 7")
    var model = TableMixedModel(response: "y")
    model.random = ["g"]
    model.fixed = FixedTerms(["x"])
    let told =
      "'g' has levels '1' and '1.0', which are one number: levels are told apart as they are written, so write equal ones alike"
    let fit = try model.fit(table)
    #expect(fit.variances[0].levels == 4 && fit.notes.first == told)
    (model.random, model.fixed) = ([], FixedTerms(["g"], categorical: ["g"]))
    #expect(try model.fit(table).notes == [told])
    model.fixed = FixedTerms(["g"])
    #expect(try model.fit(table).notes.isEmpty)
  }

  // 60 rows whose groups differ by a million times what rows do, crossed with nothing: sums of 16 digits leave no minimum to find.
  @Test func `a failed profile has its reason, and normal intervals are called so`() throws {
    let fit = try fitOfTwo(1e-6)
    #expect(fit.fixed[0].degreesOfFreedom == nil)
    let note = try #require(fit.notes.first { $0.hasPrefix("no profile intervals") })
    #expect(note == "no profile intervals of the variances: the search for the variances did not converge in 80 steps")
    let sure = try fitOfTwo(1)
    #expect(sure.fixed[0].degreesOfFreedom != nil && sure.notes.allSatisfy { !$0.hasPrefix("no profile") })
  }

  private func fitOfTwo(_ s: Double) throws -> TableMixedFit {
    var stream = RandomStream(seed: 5, purpose: "theta")
    let u = (0..<10).map { _ in stream.normal() }
    let rows = (0..<60).map { ["\(u[$0 / 6] + s * stream.normal())", "a\($0 / 6)", "b\($0 % 6)"] }
    var model = TableMixedModel(response: "y")
    model.random = ["a", "b"]
    return try model.fit(Table(name: "t.csv", header: ["y", "a", "b"], rows: rows))
  }
}
