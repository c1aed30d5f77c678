import Foundation
@testable import Rapport
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct TableFactorModelTests {
  /// One factor with loadings 0.9, 0.8 and 0.7.
  static let three = Table(
    name: "t.csv", header: ["variable", "a", "b", "c"],
    rows: [["a", "1", "0.72", "0.63"], ["b", "0.72", "1", "0.56"], ["c", "0.63", "0.56", "1"]])

  private static func correlation(_ change: (inout TableFactorModel) -> Void = { _ in }) -> TableFactorModel {
    var model = TableFactorModel()
    model.isCorrelation = true
    model.observations = 100
    change(&model)
    return model
  }

  /// Rows of five variables that share one factor.
  private static func rows(_ count: Int) -> Table {
    var random = RandomStream(seed: 5, purpose: "table factors")
    let rows = (0..<count).map { row in
      let common = random.normal()
      return ["r\(row)"] + (0..<5).map { _ in "\(common + 0.7 * random.normal())" }
    }
    return Table(name: "t.csv", header: ["id", "a", "b", "c", "d", "e"], rows: rows)
  }

  @Test func `three correlations of one factor give its loadings`() throws {
    let fit = try Self.correlation { $0.factors = 1 }.fit(Self.three)
    #expect(fit.study.variables == ["a", "b", "c"] && fit.study.observations == 100)
    expectClose(fit.study.loadings.map { $0[0] }, [0.9, 0.8, 0.7], absolute: 1e-6)
    expectClose(fit.study.uniquenesses, [0.19, 0.36, 0.51], absolute: 1e-6)
    // Nothing is left to test.
    #expect(fit.study.degreesOfFreedom == 0 && fit.study.pValue == nil && fit.notes.isEmpty)
  }

  @Test func `a covariance matrix gives what its correlations give`() throws {
    var covariances = Self.three
    let scale = [2.0, 1, 3]
    for i in 0..<3 {
      for j in 0..<3 { covariances.rows[i][j + 1] = "\(Double(Self.three.rows[i][j + 1])! * scale[i] * scale[j])" }
    }
    let fit = try Self.correlation { $0.factors = 1 }.fit(covariances)
    expectClose(fit.study.loadings.map { $0[0] }, [0.9, 0.8, 0.7], absolute: 1e-6)
  }

  @Test func `columns of numbers take part, and what is missing is told`() throws {
    var table = Self.rows(120)
    let complete = try TableFactorModel().fit(table)
    #expect(complete.study.variables == ["a", "b", "c", "d", "e"] && complete.study.observations == 120)
    #expect(complete.study.factors == 1 && complete.study.parallelAnalysis?.factors == 1)
    #expect(complete.notes == ["columns without numbers take no part: 'id'"])
    table.rows[3][1] = ""
    table.rows[7][2] = "NA"
    let fit = try TableFactorModel().fit(table)
    #expect(fit.rows.missing == ["a": 1, "b": 1] && fit.rows.used == 120)
    #expect(fit.notes.contains { $0.contains("missing at random") })
    expectClose(fit.study.loadings.joined().map { $0 }, complete.study.loadings.joined().map { $0 }, absolute: 0.03)
    var named = TableFactorModel()
    named.columns = ["e,a", "c"]
    #expect(try named.fit(table).study.variables == ["e", "a", "c"])
  }

  @Test func `an odd field among numbers drops no column`() throws {
    func error(_ table: Table) -> String {
      #expect(throws: IngestionError.self) { try TableFactorModel().fit(table) }?.description ?? ""
    }
    var table = Self.rows(60)
    table.rows[3][3] = "na"
    let cure = "name the others with --columns where it is to be left out"
    #expect(error(table) == "t.csv:5: column 'c': found 'na' among numbers; mend it, or \(cure)")
    var named = TableFactorModel()
    named.columns = ["a,b,d,e"]
    #expect(try named.fit(table).study.variables == ["a", "b", "d", "e"])
    for row in table.rows.indices { table.rows[row][3] = "\(row),5" }
    #expect(error(table).hasPrefix("t.csv:2: column 'c': found '0,5', a number with a comma; "))
    #expect(error(table).hasSuffix("replace the commas, or \(cure)"))
    // Words in which a number stands now and then, and nothing at all, take no part.
    for row in table.rows.indices { table.rows[row][3] = row % 3 == 0 ? "7" : "room \(row)" }
    #expect(try TableFactorModel().fit(table).notes.first == "columns without numbers take no part: 'id', 'c'")
    for row in table.rows.indices { table.rows[row][3] = "NA" }
    #expect(try TableFactorModel().fit(table).notes.first == "columns without numbers take no part: 'id', 'c'")
    table.rows[4][3] = "3"
    #expect(error(table) == "t.csv: column 'c' is always 3; leave it out")
  }

  @Test func `rows in which nothing stands are told`() throws {
    var table = Self.rows(60)
    for row in [2, 9, 30] { for column in 1...5 { table.rows[row][column] = column == 2 ? "NA" : "" } }
    let fit = try TableFactorModel().fit(table)
    #expect(fit.rows.read == 60 && fit.rows.used == 57 && fit.study.observations == 57)
    #expect(fit.notes.contains("3 of 60 rows left out because nothing stands in them"), "\(fit.notes)")
  }

  @Test func `half a matrix is told, and covariances may be alike`() throws {
    var half = Self.three
    for (row, column) in [(0, 2), (0, 3), (1, 3)] { half.rows[row][column] = "NA" }
    let error = #expect(throws: IngestionError.self) { try Self.correlation().fit(half) }
    #expect(error?.description.hasPrefix("t.csv: nothing stands where 'a' meets 'b'; expected a whole matrix") == true)
    let alike = Table(
      name: "t.csv", header: ["a", "b", "c"], rows: [["2", "2", "2"], ["2", "4", "2.2"], ["2", "2.2", "5"]])
    let fit = try Self.correlation { $0.factors = 1 }.fit(alike)
    expectClose(fit.study.correlations[0][1], 2 / 8.0.squareRoot(), relative: 1e-12)
  }

  // A whole factorial design: no two columns correlate, so that KMO is 0/0, as are what components leave of a column.
  @Test(arguments: [nil, 1] as [Int?]) func `columns that don't correlate have no KMO, and a fit all the same`(
    factors: Int?
  )
    throws
  {
    let rows = (0..<16).map { i in (0..<4).map { (i >> $0) % 2 == 0 ? "-1" : "1" } }
    var model = TableFactorModel()
    model.factors = factors
    model.bootstrapDraws = 10
    let fit = try model.fit(Table(name: "t.csv", header: ["a", "b", "c", "d"], rows: rows))
    #expect(fit.study.kmo == nil && fit.study.kmoByVariable == [nil, nil, nil, nil])
    #expect(fit.study.tli == nil && fit.study.cfi == nil && fit.study.factors == factors ?? 0)
    let json = String(decoding: try JSONEncoder().encode(fit), as: UTF8.self)
    #expect(json.contains("\"kmoByVariable\":[null,null,null,null]") && !json.contains("\"kmo\":"))
    // The study of managers keeps them in the same way.
    #expect(try JSONDecoder().decode(FactorStudy.self, from: JSONEncoder().encode(fit.study)) == fit.study)
  }

  @Test(arguments: [FactorRotation.none, .varimax]) func `uncorrelated factors have no general one`(
    rotation: FactorRotation
  ) throws {
    var random = RandomStream(seed: 8, purpose: "table factors")
    let rows = (0..<150).map { _ -> [String] in
      let general = random.normal()
      return (0..<3).flatMap { _ -> [String] in
        let own = 0.7 * general + random.normal()
        return (0..<3).map { _ in "\(own + 0.7 * random.normal())" }
      }
    }
    var model = TableFactorModel()
    model.factors = 3
    model.bootstrapDraws = 20
    let table = Table(name: "t.csv", header: (1...9).map { "v\($0)" }, rows: rows)
    let oblique = try model.fit(table).study
    let general = try #require(oblique.omega?.hierarchical)
    #expect(general > 0.3 && oblique.omega?.hierarchicalLow != nil && oblique.explainedCommonVariance != nil)
    model.rotation = rotation
    let study = try model.fit(table).study
    let omega = try #require(study.omega)
    #expect(omega.hierarchical == nil && omega.hierarchicalLow == nil && study.explainedCommonVariance == nil)
    expectClose(omega.total, try #require(oblique.omega).total, relative: 1e-6)
    #expect(omega.totalLow != nil && study.notes.allSatisfy { !$0.contains("hierarchical") })
  }

  @Test func `a search without end is told with options that there are`() {
    let told = TableFactorModel.description(of: .didNotConverge(method: "factor extraction by ml", iterations: 200))
    #expect(
      told == "factor extraction by ml did not converge in 200 iterations; "
        + "try fewer --factors, or the other --extraction")
    #expect(TableFactorModel.description(of: .invalidInput("x")) == "x")
  }

  @Test func `where nothing is common, no factor is shown unless asked`() throws {
    var random = RandomStream(seed: 6, purpose: "table factors")
    let table = Table(
      name: "t.csv", header: ["a", "b", "c", "d", "e", "f"],
      rows: (0..<200).map { _ in (0..<6).map { _ in "\(random.normal())" } })
    let fit = try TableFactorModel().fit(table)
    #expect(fit.study.factors == 0 && fit.study.loadings.isEmpty)
    #expect(fit.notes.last == "no factor stands out from chance; --factors K fits some all the same")
    #expect(fit.notes.allSatisfy { !$0.contains("turned round") } == fit.reversed.isEmpty)
  }

  @Test func `what can't be fitted is told`() {
    func error(_ model: TableFactorModel, _ table: Table) -> String {
      let error = #expect(throws: IngestionError.self) { try model.fit(table) }
      return error?.description ?? ""
    }
    var table = Self.rows(40)
    #expect(error(Self.correlation { $0.observations = nil }, Self.three).contains("--observations N"))
    #expect(error(Self.correlation { $0.isCorrelation = false }, Self.three).contains("with --correlation only"))
    #expect(error(Self.correlation { $0.factors = 0 }, Self.three).contains("expected auto or 1 or more"))
    #expect(error(Self.correlation { $0.factors = 2 }, Self.three).contains("at most 1 factor, not 2"))
    #expect(error(Self.correlation(), table).contains("a correlation matrix is square"))
    var crooked = Self.three
    crooked.rows[0][2] = "0.5"
    #expect(error(Self.correlation(), crooked).contains("'a' with 'b' is 0.5 in one place and 0.72 in the other"))
    var model = TableFactorModel()
    model.columns = ["a", "b", "id"]
    #expect(error(model, table).hasPrefix("t.csv:2: column 'id': found 'r0', expected a number"))
    model.columns = ["a,b,a"]
    #expect(error(model, table).contains("'a' is given twice"))
    model.columns = ["a,b"]
    #expect(error(model, table).contains("2 columns of numbers; a factor needs at least three"))
    for row in table.rows.indices { table.rows[row][2] = "4" }
    #expect(error(TableFactorModel(), table).contains("column 'b' is always 4"))
    for row in table.rows.indices { table.rows[row][2] = row == 0 ? "1.0000000000000002" : "1" }
    #expect(error(TableFactorModel(), table).contains("'b' varies by less than 1e-12 of its size"))
  }

  @Test func `columns that depend on others are named, with the cure`() {
    func message(_ table: Table) -> String {
      #expect(throws: IngestionError.self) { try TableFactorModel().fit(table) }?.description ?? ""
    }
    let cure = "correlations are singular, and have no likelihood and no fit; leave one of them out"
    var sum = Self.rows(60)
    var copy = sum
    for row in sum.rows.indices {
      let values = sum.rows[row].dropFirst().compactMap { Double($0) }
      sum.rows[row][4] = "\(values[0] + values[1] + values[2])"
      copy.rows[row][5] = "\(-1000 * values[1])"
    }
    #expect(message(sum) == "t.csv: 'd' is determined by 'a', 'b' and 'c': \(cure)")
    #expect(message(copy) == "t.csv: 'e' repeats 'b' with the opposite sign: \(cure)")
    // A gap leaves the sum what it is.
    sum.rows[7][4] = ""
    #expect(message(sum).hasPrefix("t.csv: 'd' is determined by 'a', 'b' and 'c'"))
    let few = message(Table(name: "t.csv", header: Self.rows(5).header, rows: Self.rows(5).rows))
    #expect(few.hasPrefix("t.csv: 5 rows with values in 5 columns ('a', 'b', 'c', 'd', 'e'): factors need more rows"))
    var impossible = Self.three
    impossible.rows = [["a", "1", "0.9", "0.9"], ["b", "0.9", "1", "-0.9"], ["c", "0.9", "-0.9", "1"]]
    let error = #expect(throws: IngestionError.self) { try Self.correlation().fit(impossible) }
    #expect(error?.description.contains("'a' and 'b' would explain more than all of 'c'") == true)
  }

  // Rounded to one digit, a + b + c leaves 'd' with about 0.1²/12 of variance: 0.01 % or so.
  @Test func `where next to nothing is left of a column, the likelihood's indices are withheld`() throws {
    var table = Self.rows(200)
    for row in table.rows.indices {
      let values = table.rows[row].dropFirst().compactMap { Double($0) }
      table.rows[row][4] = "\(((values[0] + values[1] + values[2]) * 10).rounded() / 10)"
    }
    var model = TableFactorModel()
    model.factors = 1
    let fit = try model.fit(table)
    #expect(fit.study.heywood && fit.study.chiSquare == nil && fit.study.rmsea == nil && fit.study.bic == nil)
    #expect(fit.study.srmr != nil && !fit.study.loadings.isEmpty)
    // Said once.
    let bound = fit.notes.filter { $0.contains("lower bound") }
    #expect(bound.count == 1 && bound[0].hasPrefix("No error is left to 'd' with 1 factor: "), "\(fit.notes)")
    let withheld = fit.notes.filter { $0.contains("χ² and the indices that rest on it are withheld") }
    #expect(withheld.count == 1 && withheld[0].hasPrefix("'d' is determined by 'a', 'b' and 'c' but for 0.0"))
    // Minimum residuals find a proper solution of a near copy: its likelihood is no better for that.
    for row in table.rows.indices {
      table.rows[row][4] = "\((Double(table.rows[row][1]) ?? 0) + (row % 2 == 0 ? 1e-3 : -1e-3))"
    }
    let copy = try model.fit(table)
    #expect(!copy.study.heywood && copy.study.chiSquare == nil && copy.study.rmsea == nil)
    #expect(copy.notes.contains { $0.hasPrefix("'d' is determined by 'a' but for 0.01 % of its variance") })
  }

  @Test func `a variable turned round changes its loading's sign and nothing else`() throws {
    let table = Self.rows(120)
    var turned = table
    for row in turned.rows.indices { turned.rows[row][2] = "\(-(Double(table.rows[row][2]) ?? 0))" }
    let (one, other) = (try TableFactorModel().fit(table), try TableFactorModel().fit(turned))
    #expect(one.reversed.isEmpty && other.reversed == ["b"])
    #expect(other.notes.contains { $0.hasPrefix("'b' runs against the others, and is turned round for α") })
    expectClose(other.study.loadings[1][0], -one.study.loadings[1][0], absolute: 1e-7)
    expectClose(other.study.alpha!, one.study.alpha!, relative: 1e-12)
    expectClose(other.study.omega!.total, one.study.omega!.total, relative: 1e-7)
    expectClose(other.items.averageCorrelation, one.items.averageCorrelation, relative: 1e-12)
    expectClose(other.items.guttmanLambda6!, one.items.guttmanLambda6!, relative: 1e-12)
    expectClose(
      other.items.itemRestCorrelations.compactMap(\.self), one.items.itemRestCorrelations.compactMap(\.self),
      relative: 1e-12)
    #expect(one.items.standardizedAlphaStandardError! > 0 && one.simpleStructure?.factors(complexity: 1) == 1)
  }

  @Test func `where values are missing, tests count fewer rows and say so`() throws {
    var table = Self.rows(120)
    var random = RandomStream(seed: 9, purpose: "table factor gaps")
    for row in table.rows.indices {
      for column in 1...5 where random.uniform() < 0.2 { table.rows[row][column] = "" }
    }
    let fit = try TableFactorModel().fit(table)
    let effective = try #require(fit.study.effectiveObservations)
    #expect(fit.study.observations == 120 && effective < 110 && effective > 50)
    #expect(fit.items.standardizedAlphaStandardError == nil && fit.study.factors == 1)
    #expect(fit.notes.contains { $0.contains("as sharp as \(Int(effective.rounded())) complete rows") }, "\(fit.notes)")
    #expect(fit.notes.contains { $0.contains("have the same gaps") })
  }

  @Test func `units near the ends of the range of numbers change nothing`() throws {
    let table = Self.rows(120)
    var scaled = table
    for row in scaled.rows.indices {
      for (column, unit) in [(1, 1e-160), (3, 1e300)] {
        scaled.rows[row][column] = "\(unit * (Double(table.rows[row][column]) ?? 0))"
      }
    }
    let (one, other) = (try TableFactorModel().fit(table), try TableFactorModel().fit(scaled))
    expectClose(other.study.loadings.joined().map { $0 }, one.study.loadings.joined().map { $0 }, absolute: 1e-7)
    expectClose(other.study.chiSquare!, one.study.chiSquare!, relative: 1e-7)
  }
}
