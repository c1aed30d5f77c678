import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

/// Agreement with R's `lm` on people-analytics data; the recipe stands beside the reference values.
@Suite struct LeastSquaresReferenceTests {
  /// One expected value, in the shape in which it is compared.
  enum Value {
    case numbers([Double])
    case labelled([String: Double])
    case matrix(Matrix)
  }

  /// Values by column with R's names, those of dependent columns left out.
  static func labelled(_ fit: LeastSquaresFit, _ values: [Double?]) -> Value {
    // R writes a category's column without `=`.
    let names = (fit.names ?? []).map { $0.filter { $0 != "=" } }
    let known = zip(names, values).compactMap { name, value in value.map { (name, $0) } }
    return .labelled(Dictionary(uniqueKeysWithValues: known))
  }

  /// Everything that the kit lists for a regression.
  static func values(_ fit: LeastSquaresFit) throws -> [String: Value] {
    let intervals = fit.confidenceIntervals().compactMap { $0 }.map { [$0.low, $0.high] }
    var values: [String: Value] = [
      "coef": labelled(fit, fit.coefficients), "se": labelled(fit, fit.standardErrors),
      "t": labelled(fit, fit.tStatistics), "p": labelled(fit, fit.pValues),
      "vif": labelled(fit, fit.varianceInflation), "ci95": .matrix(Matrix(rows: intervals)),
      "vcov": .matrix(try #require(fit.covariance)),
    ]
    for (name, kind) in [("hc0", RobustErrors.hc0), ("hc1", .hc1), ("hc2", .hc2), ("hc3", .hc3)] {
      values[name] = labelled(fit, fit.robustStandardErrors(kind))
    }
    let numbers: [(String, Double?)] = [
      ("r_squared", fit.rSquared), ("adj_r_squared", fit.adjustedRSquared), ("sigma", fit.residualStandardDeviation),
      ("F", fit.fRatio), ("logLik", fit.logLikelihood), ("AIC", fit.akaike), ("BIC", fit.bayes),
      ("cooks_max", fit.cooksDistances.compactMap { $0 }.max()), ("leverage_max", fit.leverages.max()),
      ("durbin_watson", fit.durbinWatson), ("breusch_pagan", fit.breuschPagan?.statistic),
    ]
    for (name, number) in numbers { values[name] = .numbers([try #require(number)]) }
    return values
  }

  @Test func `undergraduate tests and incomes`() throws {
    guard let reference = ReferenceCase("F02-ugtests") else { return }
    let tests = reference.table("ugtests.csv")
    func score(_ name: String) -> DesignTerm { .number(name: name, values: tests.numbers(name)) }
    func fit(_ terms: [DesignTerm]) throws -> LeastSquaresFit {
      try LeastSquares().fit(terms: terms, response: tests.numbers("Final"))
    }
    let first = try fit([score("Yr1")])
    let all = try fit([score("Yr3"), score("Yr2"), score("Yr1")])
    let crossed = try fit([
      score("Yr1"), score("Yr2"), score("Yr3"), .interaction([score("Yr2"), score("Yr3")]),
    ])

    let people = reference.table("sociological.csv")
    let income = try LeastSquares().fit(
      terms: people.names.filter { $0 != "annual_income_ppp" }.map { name in
        guard ["region", "job_type", "gender"].contains(name) else {
          return .number(name: name, values: people.numbers(name))
        }
        let texts = people.texts(name).map { $0.isEmpty || $0 == "NA" ? nil : $0 }
        return .category(try DesignTerm.Category(name: name, optionalValues: texts))
      }, response: people.numbers("annual_income_ppp"))

    let prediction = try #require(all.prediction([1, 120, 100, 50]))
    let added = try #require(all.fTest(against: first))
    let got: [String: [String: Value]] = [
      "yr1": try Self.values(first), "all": try Self.values(all), "interaction": try Self.values(crossed),
      "income": try Self.values(income),
      "predict": [
        "confidence": .numbers([prediction.value, prediction.confidence.low, prediction.confidence.high]),
        "prediction": .numbers([prediction.value, prediction.limits.low, prediction.limits.high]),
      ],
      "anova": ["F": .numbers([added.ratio]), "p": .numbers([added.pValue])],
    ]
    var judged = 0
    for id in ["yr1", "all", "interaction", "predict", "income", "anova"] {
      for name in reference.names(fit: id) {
        judged += 1
        switch got[id]?[name] {
        case .numbers(let values): reference.check(fit: id, name, got: values)
        case .labelled(let values): reference.check(fit: id, name, got: values)
        case .matrix(let values): reference.check(fit: id, name, got: values)
        case nil: Issue.record("\(id) \(name) isn't computed")
        }
      }
    }
    #expect(judged == 77)
  }
}
