import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

/// NIST's certified regressions (StRD, linear), by digits and by the kit's tolerances.
@Suite struct CertifiedRegressionTests {
  static let sets: [(name: String, level: ReferenceCase.Level, powers: ClosedRange<Int>)] = [
    ("Pontius", .lower, 0...2), ("NoInt2", .average, 1...1), ("Filip", .higher, 0...10), ("Wampler2", .higher, 0...5),
    ("Wampler5", .higher, 0...5),
  ]

  static func values(_ fit: LeastSquaresFit) throws -> [(name: String, got: [Double])] {
    [
      ("coef", fit.coefficients.map { $0 ?? .nan }), ("coef_se", fit.standardErrors.map { $0 ?? .nan }),
      ("residual_sd", [try #require(fit.residualStandardDeviation)]), ("r_squared", [try #require(fit.rSquared)]),
      ("ss_regression", [fit.regressionSumOfSquares]), ("ss_residual", [fit.residualSumOfSquares]),
      ("F", [try #require(fit.fRatio)]),
    ]
  }

  @Test func `powers in doubled precision`() throws {
    guard let reference = ReferenceCase("E02-nist-linear-more") else { return }
    for (name, level, powers) in Self.sets {
      let table = reference.table("\(name).csv")
      let fit = try LeastSquares().fit(powers: powers, of: table.numbers("x"), response: table.numbers("y"))
      let id = name.lowercased()
      for (quantity, got) in try Self.values(fit) {
        reference.check(fit: id, quantity, got: got)
        // F of an exact fit is infinite, or what the decimals' rounding leaves of it.
        if reference.number(fit: id, quantity) == .infinity {
          #expect(got[0] > 1e20)
        } else {
          reference.checkDigits(fit: id, quantity, level: level, got: got)
        }
      }
      reference.check(fit: id, "df_regression", got: Double(fit.regressionDegreesOfFreedom))
      reference.check(fit: id, "df_residual", got: Double(fit.residualDegreesOfFreedom))
    }
  }

  // A matrix can hold powers rounded to doubles only. Exact arithmetic on those has 7.6 digits of Filip's coefficients.
  @Test func `powers in a matrix`() throws {
    guard let reference = ReferenceCase("E02-nist-linear-more") else { return }
    for (name, level, powers) in Self.sets {
      let table = reference.table("\(name).csv")
      let x = table.numbers("x")
      let columns = powers.map { n in x.map { pow($0, Double(n)) } }
      let fit = try LeastSquares().fit(predictors: Matrix(columns: columns), response: table.numbers("y"))
      for (quantity, got) in try Self.values(fit) where quantity != "F" {
        reference.check(fit: name.lowercased(), quantity, got: got)
        reference.checkDigits(fit: name.lowercased(), quantity, level: level, got: got)
      }
    }
  }

  // Wampler's errors are one vector times 1, 100 and 10,000, at right angles to the powers, so that coefficients stay 1
  // and standard errors are in the same proportion.
  @Test(arguments: [0.0, 1, 100, 10_000])
  func `Wampler1, 3 and 4, made of Wampler5`(_ size: Double) throws {
    guard let reference = ReferenceCase("E02-nist-linear-more") else { return }
    let table = reference.table("Wampler5.csv")
    let x = table.numbers("x")
    let exact = x.map { x in (0...5).reduce(0) { sum, _ in sum * x + 1 } }
    let y = zip(table.numbers("y"), exact).map { $1 + ($0 - $1) / 10_000 * size }
    let fit = try LeastSquares().fit(powers: 0...5, of: x, response: y)
    #expect(fit.coefficients.allSatisfy { correctDigits($0 ?? .nan, 1) >= 14 })
    let errors = try #require(reference.numbers(fit: "wampler5", "coef_se")).map { $0 * size / 10_000 }
    for (got, want) in zip(fit.standardErrors, errors) { #expect(correctDigits(got ?? .nan, want) >= 14) }
    #expect(size > 0 || fit.residuals.allSatisfy { $0 == 0 })
  }
}
