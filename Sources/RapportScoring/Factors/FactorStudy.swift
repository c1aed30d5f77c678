/// What the indicators have in common across managers, and whether one health number is justified (METHODS.md §11).
///
/// Keys are those of `rapport fit factors`. Where `status` is `insufficient`, `reason` says why, arrays are empty and
/// figures absent.
public struct FactorStudy: Codable, Sendable, Equatable {
  /// Whether there is a solution.
  public enum Status: String, Codable, Sendable {
    case estimated, insufficient
  }

  /// How the loadings were estimated.
  public enum Extraction: String, Codable, Sendable {
    case ml, minres
  }

  /// Whether two factors are the same, by Tucker's congruence.
  ///
  /// Source: Lorenzo-Seva & ten Berge (2006), Tucker's congruence coefficient as a meaningful index of factor similarity.
  public enum Likeness: String, Codable, Sendable {
    /// From 0.95 on.
    case same
    /// From 0.85 on.
    case similar
    case different

    init(congruence: Double) { self = congruence >= 0.95 ? .same : congruence >= 0.85 ? .similar : .different }
  }

  /// An indicator that takes no part, and why.
  public struct LeftOut: Codable, Sendable, Equatable {
    public var indicator: String
    public var reason: String
  }

  /// How much of one indicator is measured, and how reliably.
  public struct Coverage: Codable, Sendable, Equatable {
    public var indicator: String
    public var role: IndicatorTable.Role
    /// Managers with a value.
    public var managers: Int
    /// Share of the study's managers without a value.
    public var missingShare: Double
    /// Spearman–Brown reliability from halves of the months; `nil` when not known.
    public var reliability: Double?
  }

  /// Bartlett's test of sphericity: are the indicators correlated at all?
  public struct Bartlett: Codable, Sendable, Equatable {
    public var chiSquare: Double
    public var degreesOfFreedom: Double
    public var pValue: Double
  }

  /// Factors whose eigenvalue exceeds the 95th percentile of random data's.
  ///
  /// `eigenvalues` are those of the correlation matrix with squared multiple correlations on its diagonal; the
  /// component version rests on the plain correlation matrix (Horn 1965).
  public struct ParallelAnalysis: Codable, Sendable, Equatable {
    public var factors: Int
    public var eigenvalues: [Double]
    public var thresholds: [Double]
    public var components: Int
    public var componentEigenvalues: [Double]
    public var componentThresholds: [Double]
    /// Random tables behind the thresholds; fewer than asked for where gaps make them slow.
    public var draws: Int
  }

  /// Velicer's minimum average partial: the mean squared partial correlation after 1, 2, … components.
  public struct MinimumAveragePartial: Codable, Sendable, Equatable {
    public var factors: Int
    public var values: [Double]
  }

  /// How much of a plain sum of the indicators is common, and how much of it one general factor.
  public struct Omega: Codable, Sendable, Equatable {
    public var total: Double
    /// 90 % bootstrap limits; `nil` where there is no bootstrap, as of `hierarchical`.
    public var totalLow: Double?
    public var totalHigh: Double?
    /// `nil` with one factor, where it equals `total`, and where factors don't correlate, or too oddly for a general one.
    public var hierarchical: Double?
    public var hierarchicalLow: Double?
    public var hierarchicalHigh: Double?
  }

  /// One manager's factor scores, each with the standard error of a regression score.
  public struct ManagerScores: Codable, Sendable, Equatable {
    public var manager: String
    /// By factor; `nil` where this manager's measured indicators determine the factor with less than 0.90.
    public var scores: [Double?]
    public var standardErrors: [Double]
  }

  public var status = Status.insufficient
  /// Why there is no solution, in words.
  public var reason: String? = "No factor study was made."
  /// Whether one health number is justified by these indicators, in words.
  public var answer = ""
  /// What a reader must know before using a figure: warnings and fallbacks, in words.
  public var notes: [String] = []

  /// Managers that the study rests on.
  public var observations = 0
  /// Complete rows that would test the model as sharply as the rows with gaps do; `nil` where nothing is missing.
  public var effectiveObservations: Double?
  /// Indicators that take part, in the order of the rows of `loadings`.
  public var variables: [String] = []
  public var leftOut: [LeftOut] = []
  public var coverage: [Coverage] = []
  /// Share of cells without a value, among the managers and indicators that take part.
  public var missingShare: Double?

  /// Of the correlation matrix, largest first.
  public var eigenvalues: [Double] = []
  public var correlations: [[Double]] = []
  /// Correlations divided by the square root of both reliabilities; empty where one isn't known.
  public var disattenuatedCorrelations: [[Double]] = []
  /// `nil` where no indicator correlates with another.
  public var kmo: Double?
  /// `nil` for an indicator that correlates with no other.
  public var kmoByVariable: [Double?] = []
  public var bartlett: Bartlett?
  public var parallelAnalysis: ParallelAnalysis?
  public var map: MinimumAveragePartial?

  /// How many factors the solution has.
  public var factors = 0
  public var extraction: Extraction?
  /// Name of the rotation: `oblimin`, or `none` with one factor.
  public var rotation: String?
  /// Different optima that the random starts of the rotation ended in.
  public var distinctOptima: Int?
  /// A row per variable, a column per factor, largest factor first, column sums positive.
  public var loadings: [[Double]] = []
  /// 90 % bootstrap limits of `loadings`; empty where there is no bootstrap.
  public var loadingsLow: [[Double]] = []
  public var loadingsHigh: [[Double]] = []
  public var communalities: [Double] = []
  public var uniquenesses: [Double] = []
  /// Whether a uniqueness stands at its lower bound, 0.005.
  public var heywood = false
  public var factorCorrelations: [[Double]] = []

  public var chiSquare: Double?
  public var degreesOfFreedom: Double?
  public var pValue: Double?
  public var rmsea: Double?
  public var rmseaLow: Double?
  public var rmseaHigh: Double?
  /// `nil` where independent indicators fit no worse than chance, as `cfi`.
  public var tli: Double?
  public var cfi: Double?
  public var srmr: Double?
  public var bic: Double?

  /// Cronbach's alpha of the standardised indicators; `nil` when formative indicators take part, where it has no meaning.
  public var alpha: Double?
  /// 90 % bootstrap limits of `alpha`, which know of gaps; `nil` where there is no bootstrap.
  public var alphaLow: Double?
  public var alphaHigh: Double?
  public var omega: Omega?
  /// Share of the common variance that the general factor explains; `nil` without one.
  public var explainedCommonVariance: Double?
  /// Correlation of each factor with its regression scores.
  public var determinacy: [Double] = []
  /// Guttman's 2ρ² − 1: how closely two equally good sets of scores must at least agree.
  public var guttman: [Double] = []
  /// Regression scores by manager; empty where withheld, and then `scoresWithheld` says why.
  public var scores: [ManagerScores] = []
  public var scoresWithheld: String?
  /// Tucker's congruence of each factor of the first half of the period with the same factor of the second; empty where the halves
  /// aren't compared.
  public var congruence: [Double] = []
  /// The same congruence between halves of the months that are drawn at random, over the same indicators: the middle of
  /// several such splits, which chance alone brings about. Empty where all factors are the same, or most splits have no
  /// study.
  public var congruenceByChance: [Double] = []
  /// What one split in twenty falls below: the 5 % quantile of the same splits. Of fewer than twenty (``congruenceSplits``)
  /// their lowest, which chance alone falls below in one of n + 1 comparisons: a factor above it can't be told from chance, and
  /// one below it hasn't been told from chance either.
  public var congruenceByChanceLow: [Double] = []
  /// How many splits there were.
  public var congruenceSplits = 0
  /// What each congruence says.
  public var likeness: [Likeness] = []
  /// The two halves of the period, as `2025-01 to 2025-06`; empty where they aren't compared.
  public var congruencePeriods: [String] = []
  /// Why the halves of the period can't be compared, in words; `nil` where they are.
  public var congruenceReason: String?

  /// A study without a result.
  public init() {}

  /// A study without a result, and why.
  public init(insufficient reason: String) {
    self.reason = reason
  }
}
