import Foundation
import RapportNumerics
import RapportTestSupport
import Testing

/// `rapport fit factors`: agreement with R's factanal, psych and GPArotation through the tool.
@Suite struct FactorsFitCommandTests {
  private func matrix(_ fit: FitRun, _ key: String) throws -> Matrix {
    let rows = try #require(fit.tree[key]?.array, "no '\(key)'").map { try #require($0.array).compactMap(\.number) }
    return Matrix(rows: rows)
  }

  private func numbers(_ fit: FitRun, _ key: String) throws -> [Double] {
    try #require(fit.tree[key]?.array, "no '\(key)'").compactMap(\.number)
  }

  static let sources = [
    ("C02-harman74", ["harman74_cor.csv", "--correlation", "--observations", "145", "--factors", "4"], "m4"),
    ("C04-ability", ["ability_cov.csv", "--correlation", "--observations", "112", "--factors", "2"], "m2"),
    ("C06-holzinger", ["holzinger.csv", "--columns", "x1,x2,x3,x4,x5,x6,x7,x8,x9", "--factors", "3"], "m3"),
    ("C07-thurstone", ["thurstone_cor.csv", "--correlation", "--observations", "213", "--factors", "auto"], "m3"),
  ]

  @Test(arguments: sources) func `correlation matrices, covariances and tables`(
    name: String, arguments: [String], prefix: String
  ) throws {
    guard let reference = ReferenceCase(name) else { return }
    let base = ["factors", reference.path(arguments[0])] + arguments.dropFirst()
    for (extraction, method) in [("ml", "ml"), ("minres", "uls")] {
      for rotation in ["none", "varimax", "promax", "oblimin"] {
        let id = "\(prefix).\(method).\(rotation)"
        // A fit takes a second without optimisation: every rotation by both methods once, the others where they differ.
        guard name == "C07-thurstone" || ["m4.ml.none", "m2.ml.none", "m3.ml.none", "m3.uls.oblimin"].contains(id)
        else {
          continue
        }
        let fit = try FitRun(base + ["--extraction", extraction, "--rotation", rotation])
        let loadings = try matrix(fit, "loadings")
        reference.check(fit: id, "loadings", got: loadings)
        if reference.names(fit: id).contains("phi") {
          reference.check(fit: id, "phi", got: try matrix(fit, "factorCorrelations"), matching: loadings)
        }
        guard rotation == "none" else { continue }
        reference.check(fit: id, "uniqueness", got: try numbers(fit, "uniquenesses"))
        for (key, expected) in [
          ("chiSquare", "chisq"), ("degreesOfFreedom", "dof"), ("pValue", "p"), ("rmsea", "RMSEA"), ("tli", "TLI"),
          ("cfi", "CFI"), ("bic", "BIC"),
        ] {
          reference.check(fit: id, expected, got: try fit.number(key))
        }
        reference.check(fit: id, "RMSEA_ci90", got: [try fit.number("rmseaLow"), try fit.number("rmseaHigh")])
        reference.check(fit: "cor", "eigenvalues", got: try numbers(fit, "eigenvalues"))
        reference.check(fit: "cor", "kmo", got: try fit.number("kmo"))
        reference.check(fit: "cor", "kmo_items", got: try numbers(fit, "kmoByVariable"))
        reference.check(
          fit: "cor", "bartlett_chisq", got: try #require(fit.tree["bartlett"]?["chiSquare"]?.number))
        reference.check(fit: "vss", "map_n", got: try #require(fit.tree["map"]?["factors"]?.number))
        reference.check(
          fit: "parallel", "n_factors_q95", got: try #require(fit.tree["parallelAnalysis"]?["factors"]?.number))
      }
    }
  }

  static let header = "variable,factor1,alphaIfDropped,communality,itemRestCorrelation,kmo,uniqueness"

  @Test func `tables tell loadings, numbers of factors and fit; CSV has a row per variable`() throws {
    let text = "variable,a,b,c\na,1,0.72,0.63\nb,0.72,1,0.56\nc,0.63,0.56,1\n"
    let arguments = ["fit", "factors", "-", "--correlation", "--observations", "100", "--factors", "1"]
    let run = try Tool.run(arguments, input: Data(text.utf8))
    #expect(run.exitCode == 0 && run.errors.isEmpty)
    #expect(run.output.hasPrefix("1 factor of 3 variables in 100 observations, by maximum likelihood\n"))
    #expect(
      run.output.contains("0.900") && run.output.contains("parallel analysis") && run.output.contains("SRMR 0.000"))
    let csv = try Tool.run(arguments + ["--format", "csv"], input: Data(text.utf8)).output.split(separator: "\n")
    // a with b + c: (0.72 + 0.63) / √(2 + 2 · 0.56) = 1.35 / 1.766 = 0.764.
    #expect(run.output.contains("with the sum of the others") && run.output.contains("0.76"))
    #expect(csv.count == 4 && csv[0] == Self.header && csv[1].hasPrefix("a,0."))
  }

  @Test func `columns that don't correlate are no defect`() throws {
    let rows = (0..<16).map { i in (0..<4).map { (i >> $0) % 2 == 0 ? "-1" : "1" }.joined(separator: ",") }
    let table = Data(("a,b,c,d\n" + rows.joined(separator: "\n") + "\n").utf8)
    for format in ["table", "json", "csv"] {
      for factors in ["auto", "1"] {
        let arguments = ["fit", "factors", "-", "--factors", factors, "--format", format]
        let run = try Tool.run(arguments, input: table)
        #expect(run.exitCode == 0 && !run.output.contains("nan"), "\(arguments): \(run.errors)")
        let text = run.output.replacingOccurrences(of: "\n", with: " ")
        #expect(format != "table" || text.contains("KMO –"), "\(run.output)")
      }
    }
  }

  @Test func `wrong options end with their code and one line that says the cure`() throws {
    let scratch = try Scratch()
    let good = try scratch.write("good.csv", "a,b,c\n1,2,3\n2,1,4\n3,5,1\n4,2,2\n")
    for (arguments, code, says) in [
      (["--rotation", "oblimn"], 64, "did you mean 'oblimin'?"), (["--extraction", "mll"], 64, "did you mean 'ml'?"),
      (["--factors", "many"], 64, "--factors: found 'many', expected auto or a whole number"),
      (["--columns", "a,bb"], 64, "--columns: \(good): there is no column 'bb'; did you mean 'b'?"),
      (["--correlation", "--observations=-1"], 64, "--observations: found -1, expected a number of rows, 1 or more"),
      (["--correlation"], 64, "--observations N"), (["--correlation", "--observations", "9"], 65, "is square"),
    ] {
      let run = try Tool.run(["fit", "factors", good] + arguments)
      #expect(run.exitCode == code && run.output.isEmpty && run.errors.contains(says), "\(arguments): \(run.errors)")
    }
    let sum = try scratch.write("sum.csv", "a,b,c\n1,2,3\n2,1,3\n3,5,8\n4,2,6\n")
    let run = try Tool.run(["fit", "factors", sum])
    #expect(run.exitCode == 65 && run.output.isEmpty && run.errors.contains("'c' is determined by 'a' and 'b'"))
    #expect(try Tool.run(["fit", "factors", "--help"]).output.contains("rapport fit factors tests.csv"))
  }
}
