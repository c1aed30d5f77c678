import RapportNumerics
import RapportTestSupport
import Testing

/// Values by mpmath at 50 to 60 digits.
@Suite struct DistributionReferenceTests {
  @Test func `ordinary range`() {
    guard let reference = ReferenceCase("D05-distributions") else { return }
    let beta = reference.table("beta_cdf.csv")
    let betas = zip(beta.numbers("a"), beta.numbers("b")).map { Beta($0, $1) }
    reference.check(fit: "pbeta", "cdf", got: zip(betas, beta.numbers("x")).map { $0.cumulative($1) })
    reference.check(fit: "pbeta", "sf", got: zip(betas, beta.numbers("x")).map { $0.survival($1) })
    let quantiles = reference.table("beta_quantile.csv")
    reference.check(
      fit: "qbeta", "quantile",
      got: quantiles.rows.indices.map {
        Beta(quantiles.numbers("a")[$0], quantiles.numbers("b")[$0]).quantile(quantiles.numbers("p")[$0])
      })
    let z = reference.table("normal.csv").numbers("z")
    reference.check(fit: "pnorm", "cdf", got: z.map(Normal.standard.cumulative))
    reference.check(fit: "pnorm", "sf", got: z.map(Normal.standard.survival))
    reference.check(fit: "pnorm", "log_cdf", got: z.map(Normal.standard.logCumulative))
    let p = reference.table("probabilities.csv").numbers("p")
    reference.check(fit: "qnorm", "quantile", got: p.map(Normal.standard.quantile))
    let t = reference.table("t.csv")
    let students = zip(t.numbers("t"), t.numbers("df")).map { ($0, StudentT(degreesOfFreedom: $1)) }
    reference.check(fit: "pt", "sf", got: students.map { $1.survival($0) })
    reference.check(fit: "pt", "two_sided", got: students.map { $1.twoSided($0) })
    let f = reference.table("f.csv")
    reference.check(
      fit: "pf", "sf",
      got: f.rows.indices.map {
        FisherF(numerator: f.numbers("df1")[$0], denominator: f.numbers("df2")[$0]).survival(f.numbers("f")[$0])
      })
    let chi = reference.table("chi2.csv")
    let chis = zip(chi.numbers("x"), chi.numbers("df")).map { ($0, ChiSquared(degreesOfFreedom: $1)) }
    reference.check(fit: "pchisq", "cdf", got: chis.map { $1.cumulative($0) })
    reference.check(fit: "pchisq", "sf", got: chis.map { $1.survival($0) })
    for degrees in [1.0, 5, 24] {
      reference.check(
        fit: "qchisq", "df\(Int(degrees))", got: p.map(ChiSquared(degreesOfFreedom: degrees).quantile))
    }
    for (name, degrees) in [("df3", 3.0), ("df10", 10), ("df27.4", 27.4)] {
      reference.check(fit: "qt", name, got: p.map(StudentT(degreesOfFreedom: degrees).quantile))
    }
    let noncentral = reference.table("noncentral_chi2.csv")
    reference.check(
      fit: "pncx2", "cdf",
      got: noncentral.rows.indices.map {
        ChiSquared(degreesOfFreedom: noncentral.numbers("df")[$0], noncentrality: noncentral.numbers("ncp")[$0])
          .cumulative(noncentral.numbers("x")[$0])
      })
  }

  @Test func `the gamma family and conjugate posteriors`() throws {
    guard let reference = ReferenceCase("D07-special") else { return }
    let x = reference.table("x.csv").numbers("x")
    reference.check(fit: "gamma_family", "lgamma", got: x.map(logGamma))
    reference.check(fit: "gamma_family", "digamma", got: x.map(digamma))
    reference.check(fit: "gamma_family", "trigamma", got: x.map(trigamma))
    reference.check(fit: "gamma_family", "tetragamma", got: x.map(tetragamma))
    reference.check(fit: "trigamma_inverse", "z", got: reference.table("y.csv").numbers("y").map(inverseTrigamma))
    let ab = reference.table("ab.csv")
    reference.check(fit: "lbeta", "lbeta", got: zip(ab.numbers("a"), ab.numbers("b")).map(logBeta))

    let beta = Beta(2 + 7, 3 + 13)
    reference.check(fit: "beta_posterior", "mean", got: beta.mean)
    reference.check(fit: "beta_posterior", "mode", got: try #require(beta.mode))
    reference.check(fit: "beta_posterior", "variance", got: beta.variance)
    let limits = beta.centralInterval(level: 0.95)
    reference.check(fit: "beta_posterior", "interval95", got: [limits.low, limits.high])
    reference.check(fit: "beta_posterior", "p_gt_half", got: beta.survival(0.5))
    reference.check(
      fit: "beta_posterior", "log_marginal", got: Beta(2, 3).logMarginal(successes: 7, trials: 20))
    let gamma = Gamma(shape: 3 + 11, rate: 2 + 6.5)
    reference.check(fit: "gamma_posterior", "mean", got: gamma.mean)
    reference.check(fit: "gamma_posterior", "sd", got: gamma.variance.squareRoot())
    let rates = gamma.centralInterval(level: 0.95)
    reference.check(fit: "gamma_posterior", "interval95", got: [rates.low, rates.high])
    reference.check(fit: "gamma_posterior", "p_gt_2", got: gamma.survival(2))
  }
}
