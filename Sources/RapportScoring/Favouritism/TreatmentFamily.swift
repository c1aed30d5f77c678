import Glibc
import RapportNumerics

/// Units of one level (pairs, or managers), shrunken and judged together.
///
/// The family is fixed before looking: units with at least 20 requests. It gives the mixture from which all units are
/// taken to come, and false signs are controlled over it.
///
/// Source: Stephens (2017), False discovery rates: a new deal; METHODS.md §5, §6. Differs: a signal's own local false sign
/// rate must be below 0.05, not 0.2. Where most units of a family clearly differ, the s-value alone lets in some whose
/// interval covers no difference; a timing model, which sees less than queue choices, shouldn't call those signals.
struct TreatmentFamily: Sendable {
  /// One unit's effect on log waits, not shrunken.
  struct Unit: Sendable {
    var mean: Double
    var variance: Double
    var requests: Int
  }
  /// One unit as judged.
  struct Judged: Sendable {
    var posterior: TreatmentPosterior
    /// The effect that is not shrunken, as a ratio.
    var estimate: RatioInterval
    /// The shrunken ratio, with the smallest interval that holds both the posterior's and the plain one.
    ///
    /// A posterior's interval is as good as the mixture that it is drawn to, which a few dozen units hardly show: where all of them
    /// differ a little, most are taken to be equal, and what is left holds half of the true ratios (Validity.md). The plain
    /// interval asks nothing of the others; the shrunken ratio stays within.
    var shown: RatioInterval {
      let narrow = posterior.ratio
      return RatioInterval(
        ratio: narrow.ratio, low: min(narrow.low, estimate.low), high: max(narrow.high, estimate.high))
    }
    var sValue: Double?
    var verdict: FavouritismVerdict
  }

  /// By unit.
  let judged: [Judged]
  /// Units in the family.
  let familyCount: Int
  /// The share of the family that doesn't differ at all; `nil` where a normal prior had to do.
  let nullShare: Double?

  /// Fewest requests of a unit in the family.
  static let fewestRequests = FavouritismFindings.fewestForVerdict
  /// A family smaller than this can't show the mixture that it comes from.
  static let smallestFamily = 5
  /// What a signal's s-value and own local false sign rate have to be below.
  static let largestRate = 0.05

  /// Shrinks and judges.
  ///
  /// - Parameters: `prior`: the variance of such effects, for families too small to show their own mixture: that between managers of
  ///   queue choices (``ManagerTreatment/between``), elsewhere the timing model's.
  init(_ units: [Unit], prior: Double, interval: Double) {
    let family = units.indices.filter { units[$0].requests >= Self.fewestRequests && units[$0].variance > 0 }
    var fit: ShrinkageFit?
    if family.count >= Self.smallestFamily {
      fit = try? AdaptiveShrinkage().fit(
        estimates: family.map { units[$0].mean }, standardErrors: family.map { units[$0].variance.squareRoot() })
      if fit?.record.converged == false { fit = nil }
    }
    let posteriors = units.map { unit in
      fit.map {
        TreatmentPosterior.mixture(
          $0.posterior(estimate: unit.mean, standardError: max(unit.variance, 1e-12).squareRoot()), interval: interval)
      } ?? TreatmentPosterior.normal(estimate: unit.mean, variance: unit.variance, prior: prior, interval: interval)
    }
    self.init(units, posteriors, nullShare: fit?.nullShare, largestOwnRate: Self.largestRate, interval: interval)
  }

  /// Judges units whose posteriors are known.
  ///
  /// - Parameters: `largestOwnRate`: what a signal's own local false sign rate has to be below, besides its s-value.
  init(
    _ units: [Unit], _ posteriors: [TreatmentPosterior], nullShare: Double?, largestOwnRate: Double, interval: Double
  ) {
    let family = units.indices.filter { units[$0].requests >= Self.fewestRequests && units[$0].variance > 0 }
    familyCount = family.count
    self.nullShare = nullShare
    let values = ShrinkageFit.sValues(localFalseSignRates: family.map { posteriors[$0].localFalseSignRate })
    let sValues = Dictionary(uniqueKeysWithValues: zip(family, values))
    let shown = Normal.standard.quantile(0.5 + interval / 2)
    let judging = Normal.standard.quantile(0.5 + FavouritismFindings.verdictLevel / 2)
    judged = units.indices.map { index in
      let error = units[index].variance.squareRoot()
      func plain(_ z: Double) -> RatioInterval {
        .fromLog(units[index].mean, units[index].mean - z * error, units[index].mean + z * error)
      }
      let posterior = posteriors[index]
      var verdict = FavouritismVerdict.insufficientEvidence
      if let s = sValues[index] {
        if s < Self.largestRate && posterior.localFalseSignRate < largestOwnRate && posterior.ratio.isMaterial {
          verdict = .signal
        } else if plain(judging).isImmaterial {
          verdict = .noMaterialDifference
        }
      }
      return Judged(posterior: posterior, estimate: plain(shown), sValue: sValues[index], verdict: verdict)
    }
  }

  /// Which prior shrank the units, where it isn't the usual one.
  ///
  /// - Parameters: `unit`: `manager` or `pair`; `prior`: the variance that shrank them, in words.
  func note(_ unit: String, prior: String) -> String? {
    guard !judged.isEmpty, nullShare == nil else { return nil }
    let few =
      switch familyCount {
      case 0: "no \(unit) has \(Self.fewestRequests) requests or more: all are"
      case 1: "only 1 \(unit) has \(Self.fewestRequests) requests or more: all are"
      default: "only \(familyCount) \(unit)s have \(Self.fewestRequests) requests or more: they are"
      }
    return familyCount < Self.smallestFamily
      ? "\(few) shrunken by \(prior), not by their own mixture"
      : "the mixture of \(unit)s could not be found: they are shrunken by \(prior)"
  }
}
