import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct EmpiricalBayesReferenceTests {
  @Test func `Efron and Morris' batting averages`() throws {
    guard let reference = ReferenceCase("D12-efron-morris") else { return }
    let table = reference.table("efron_morris.csv")
    let hits = table.numbers("hits")
    let atBats = table.numbers("at_bats")
    let x = zip(hits, atBats).map { $1.squareRoot() * asin(2 * $0 / $1 - 1) }
    let stein = try JamesStein(x, variance: 1)
    reference.check(fit: "james_stein", "x", got: x)
    reference.check(fit: "james_stein", "mean_x", got: stein.mean)
    reference.check(fit: "james_stein", "S", got: stein.statistic)
    reference.check(fit: "james_stein", "shrinkage_kept", got: stein.kept)
    reference.check(fit: "james_stein", "estimate", got: stein.estimates)
    let asAverages = stein.estimates.map { (sin($0 / 45.0.squareRoot()) + 1) / 2 }
    reference.check(fit: "james_stein", "estimate_as_average", got: asAverages)

    // Against the rest of the season, on the same scale.
    let truth = table.numbers("rest_avg").map { 45.0.squareRoot() * asin(2 * $0 - 1) }
    func squares(_ estimates: [Double]) -> Double {
      zip(estimates, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    reference.check(fit: "james_stein", "sq_error_raw", got: squares(x))
    reference.check(fit: "james_stein", "sq_error_js", got: squares(stein.estimates))

    let averages = zip(hits, atBats).map { $0 / $1 }
    let mean = Moments(averages).mean
    let raw = try JamesStein(averages, variance: mean * (1 - mean) / 45)
    reference.check(fit: "james_stein_raw", "pbar", got: raw.mean)
    reference.check(fit: "james_stein_raw", "estimate", got: raw.estimates)

    let ones = x.map { _ in 1.0 }
    let reml = try NormalNormal().fit(estimates: x, variances: ones)
    reference.check(fit: "reml", "tau2", got: reml.betweenVariance)
    reference.check(fit: "reml", "beta", got: reml.coefficients)
    reference.check(fit: "reml", "se", got: reml.standardErrors)
    reference.check(fit: "reml", "blup", got: reml.posteriorMeans)
    reference.check(fit: "reml", "blup_se", got: reml.posteriorStandardDeviations)
    reference.check(fit: "reml", "I2", got: 100 * reml.shareOfVariance)
    reference.check(fit: "reml", "QE", got: reml.heterogeneity)
    let moments = try NormalNormal(.derSimonianLaird).fit(estimates: x, variances: ones)
    reference.check(fit: "dl", "tau2", got: moments.betweenVariance)
    reference.check(fit: "dl", "beta", got: moments.coefficients)
    reference.check(fit: "dl", "blup", got: moments.posteriorMeans)

    let fit = try BetaBinomial().fit(successes: hits.map { Int($0) }, trials: atBats.map { Int($0) })
    let prior = try #require(fit.prior)
    #expect(fit.spread == .estimated)
    reference.check(fit: "beta_binomial_ml", "mu", got: fit.rate)
    reference.check(fit: "beta_binomial_ml", "M", got: prior.a + prior.b)
    reference.check(fit: "beta_binomial_ml", "a", got: prior.a)
    reference.check(fit: "beta_binomial_ml", "b", got: prior.b)
    reference.check(fit: "beta_binomial_ml", "logLik", got: fit.logLikelihood)
    let pooled = hits.reduce(0, +) / atBats.reduce(0, +)
    reference.check(
      fit: "beta_binomial_ml", "binomial_logLik",
      got: hits.reduce(0) { $0 + Binomial(trials: 45, probability: pooled).logProbability(Int($1)) })
    let posteriors = zip(hits, atBats).map { fit.posterior(successes: $0, trials: $1) }
    reference.check(fit: "beta_binomial_ml", "posterior_mean", got: posteriors.map(\.mean))
    reference.check(
      fit: "beta_binomial_ml", "lower95", got: posteriors.map { $0.centralInterval(level: 0.95).low })
    reference.check(
      fit: "beta_binomial_ml", "upper95", got: posteriors.map { $0.centralInterval(level: 0.95).high })
  }

  @Test func `gamma-Poisson claims, and a negative binomial's size`() throws {
    guard let reference = ReferenceCase("D22-gamma-poisson") else { return }
    let table = reference.table("insurance.csv")
    let claims = table.numbers("Claims")
    let holders = table.numbers("Holders")
    let fit = try GammaPoisson().fit(counts: claims.map { Int($0) }, exposures: holders)
    let prior = try #require(fit.prior)
    reference.check(fit: "insurance.gamma_poisson", "a", got: prior.shape)
    reference.check(fit: "insurance.gamma_poisson", "b", got: prior.rate)
    reference.check(fit: "insurance.gamma_poisson", "logLik", got: fit.logLikelihood)
    let posteriors = zip(claims, holders).map { fit.posterior(count: $0, exposure: $1) }
    reference.check(fit: "insurance.gamma_poisson", "posterior_mean", got: posteriors.map(\.mean))
    reference.check(
      fit: "insurance.gamma_poisson", "lower95", got: posteriors.map { $0.centralInterval(level: 0.95).low })
    reference.check(
      fit: "insurance.gamma_poisson", "upper95", got: posteriors.map { $0.centralInterval(level: 0.95).high })

    // A negative binomial without predictors is the same model with exposures of one.
    let quine = reference.table("quine.csv")
    let days = quine.numbers(quine.names.first { $0.lowercased() == "days" } ?? "days")
    let absence = try GammaPoisson().fit(counts: days.map { Int($0) }, exposures: days.map { _ in 1 })
    reference.check(fit: "quine.nb0", "theta", got: try #require(absence.prior).shape)
    reference.check(fit: "quine.nb0", "coef", got: [log(absence.rate)])
    reference.check(fit: "quine.nb0", "logLik", got: absence.logLikelihood)
  }

  @Test func `every estimator of the variance between trials of a vaccine`() throws {
    guard let reference = ReferenceCase("D10-meta-bcg") else { return }
    let y = try #require(reference.numbers(fit: "effects", "yi"))
    let v = try #require(reference.numbers(fit: "effects", "vi"))
    let names: [(String, NormalNormal.Estimator)] = [
      ("fe", .fixed), ("dl", .derSimonianLaird), ("reml", .restrictedMaximumLikelihood), ("ml", .maximumLikelihood),
      ("pm", .pauleMandel), ("eb", .pauleMandel), ("he", .hedges), ("sj", .sidikJonkman), ("hs", .hunterSchmidt),
    ]
    for (name, estimator) in names {
      try check(reference, name, NormalNormal(estimator).fit(estimates: y, variances: v))
    }
    var knappHartung = NormalNormal()
    knappHartung.usesKnappHartung = true
    try check(reference, "reml.knha", knappHartung.fit(estimates: y, variances: v))
    let latitude = reference.table("bcg.csv").numbers("ablat")
    let x = Matrix(columns: [latitude.map { _ in 1 }, latitude])
    try check(reference, "reml.ablat", NormalNormal().fit(estimates: y, variances: v, predictors: x))
    let errors = Matrix(columns: [v.map { _ in 1 }, v.map { $0.squareRoot() }])
    let egger = try NormalNormal().fit(estimates: y, variances: v, predictors: errors)
    reference.check(fit: "egger", "z", got: egger.statistics[1])
    reference.check(fit: "egger", "p", got: egger.pValues[1])
    let limits = try NormalNormal().betweenVarianceInterval(estimates: y, variances: v)
    let reml = try NormalNormal().fit(estimates: y, variances: v)
    reference.check(fit: "tau2_ci", "tau2", got: [reml.betweenVariance, limits.low, limits.high])
    reference.check(
      fit: "tau2_ci", "I2",
      got: [reml.betweenVariance, limits.low, limits.high].map { 100 * $0 / ($0 + reml.typicalVariance) })
  }

  func check(_ reference: ReferenceCase, _ name: String, _ fit: NormalNormalFit) {
    let values: [(String, [Double])] = [
      ("tau2", [fit.betweenVariance]), ("beta", fit.coefficients), ("se", fit.standardErrors),
      ("stat", fit.statistics), ("p", fit.pValues), ("QE", [fit.heterogeneity]), ("QE_p", [fit.heterogeneityPValue]),
      ("ci", fit.lower + fit.upper), ("I2", [100 * fit.shareOfVariance]),
      ("H2", [1 + fit.betweenVariance / fit.typicalVariance]), ("blup", fit.posteriorMeans),
      ("blup_se", fit.posteriorStandardDeviations),
      ("prediction_interval", fit.predictionInterval.map { [$0.low, $0.high] } ?? []),
      ("logLik", fit.logLikelihood.map { [$0] } ?? []),
    ]
    for quantity in reference.names(fit: name) {
      guard let got = values.first(where: { $0.0 == quantity })?.1 else {
        Issue.record("\(name) \(quantity) isn't computed")
        continue
      }
      if quantity == "ci" {
        reference.check(fit: name, quantity, got: Matrix(rows: [fit.lower, fit.upper]))
      } else {
        reference.check(fit: name, quantity, got: got)
      }
    }
  }
}
