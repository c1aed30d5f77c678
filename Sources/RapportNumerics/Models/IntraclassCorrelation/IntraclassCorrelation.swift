/// How much of what judges say is about the subject: the six intraclass correlations.
///
/// Of n subjects, each rated by the same k judges. Source: Shrout & Fleiss (1979), Intraclass correlations: uses in
/// assessing rater reliability; limits after McGraw & Wong (1996).
public struct IntraclassCorrelation: Sendable, Equatable {
  /// Which of the six.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// ICC(1,1): each subject has judges of its own.
    case oneWay = "ICC1"
    /// ICC(2,1): judges are a sample; absolute agreement.
    case twoWayRandom = "ICC2"
    /// ICC(3,1): these judges and no others; consistency.
    case twoWayMixed = "ICC3"
    /// ICC(1,k): the mean of k judges of the subject's own.
    case oneWayAverage = "ICC1k"
    /// ICC(2,k): the mean of a sample of k judges.
    case twoWayRandomAverage = "ICC2k"
    /// ICC(3,k): the mean of these k judges.
    case twoWayMixedAverage = "ICC3k"
  }

  /// One of the six, with its test against zero and limits.
  public struct Estimate: Sendable, Equatable {
    /// Which of the six.
    public let kind: Kind
    /// The correlation; below zero where subjects differ less than chance would make them.
    public let value: Double
    /// The mean square of subjects over that of the error.
    public let fRatio: Double
    /// The F ratio's degrees of freedom above: subjects − 1.
    public let numeratorDegrees: Double
    /// The F ratio's degrees of freedom below.
    public let denominatorDegrees: Double
    /// The F ratio's tail area.
    public let pValue: Double
    /// The lower limit of the correlation.
    public let low: Double
    /// The upper limit of the correlation.
    public let high: Double
  }

  /// The mean square between subjects.
  public let subjectMeanSquare: Double
  /// The mean square between judges.
  public let judgeMeanSquare: Double
  /// The mean square of what subjects and judges leave.
  public let residualMeanSquare: Double
  /// The six, in the order of ``Kind``.
  public let estimates: [Estimate]

  /// Computes all six.
  ///
  /// - Parameters: a row for each subject, a column for each judge; nothing missing.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for fewer than two of either, undefined ratings, or ratings without any
  ///   spread within subjects.
  public init(_ ratings: Matrix, level: Double = 0.95) throws(NumericsError) {
    guard ratings.rows > 1, ratings.columns > 1, ratings.elements.allSatisfy(\.isFinite) else {
      throw .invalidInput("\(ratings.rows) subjects and \(ratings.columns) judges: two of each and no gaps are needed")
    }
    let (n, k) = (Double(ratings.rows), Double(ratings.columns))
    let subjects = (0..<ratings.rows).map { Moments(ratings.row($0)) }
    let bySubject = k * Moments(subjects.map(\.mean)).sumOfSquares
    let byJudge = n * Moments((0..<ratings.columns).map { Moments(ratings.column($0)).mean }).sumOfSquares
    var within = 0.0
    for subject in subjects { within += subject.sumOfSquares }
    let residual = max(0, within - byJudge)
    guard residual > 0 else {
      throw .invalidInput("judges agree exactly but for a constant; no error can be estimated")
    }
    let (b, j, e) = (bySubject / (n - 1), byJudge / (k - 1), residual / ((n - 1) * (k - 1)))
    let w = within / (n * (k - 1))
    (subjectMeanSquare, judgeMeanSquare, residualMeanSquare) = (b, j, e)

    let tail = (1 - level) / 2
    let df = n - 1
    func limits(_ f: Double, _ d2: Double) -> (Double, Double) {
      (
        f / FisherF(numerator: df, denominator: d2).upperQuantile(tail),
        f * FisherF(numerator: d2, denominator: df).upperQuantile(tail)
      )
    }
    func estimate(_ kind: Kind, _ value: Double, _ f: Double, _ d2: Double, _ low: Double, _ high: Double) -> Estimate {
      Estimate(
        kind: kind, value: value, fRatio: f, numeratorDegrees: df, denominatorDegrees: d2,
        pValue: FisherF(numerator: df, denominator: d2).survival(f), low: low, high: high)
    }
    let (d1, d3) = (n * (k - 1), (n - 1) * (k - 1))
    let (l1, u1) = limits(b / w, d1)
    let (l3, u3) = limits(b / e, d3)
    let icc2 = (b - e) / (b + (k - 1) * e + k * (j - e) / n)
    // Satterthwaite's degrees of freedom of the mixed mean square.
    let ratio = j / e
    let mixed = n * (1 + (k - 1) * icc2) - k * icc2
    let sum = k * icc2 * ratio + mixed
    let v = d3 * sum * sum / (df * k * k * icc2 * icc2 * ratio * ratio + mixed * mixed)
    let upper = FisherF(numerator: df, denominator: v).upperQuantile(tail)
    let lower = FisherF(numerator: v, denominator: df).upperQuantile(tail)
    let rest = k * j + (k * n - k - n) * e
    let low2 = n * (b - upper * e) / (upper * rest + n * b)
    let high2 = n * (lower * b - e) / (rest + n * lower * b)
    estimates = [
      estimate(.oneWay, (b - w) / (b + (k - 1) * w), b / w, d1, (l1 - 1) / (l1 + k - 1), (u1 - 1) / (u1 + k - 1)),
      estimate(.twoWayRandom, icc2, b / e, d3, low2, high2),
      estimate(.twoWayMixed, (b - e) / (b + (k - 1) * e), b / e, d3, (l3 - 1) / (l3 + k - 1), (u3 - 1) / (u3 + k - 1)),
      estimate(.oneWayAverage, (b - w) / b, b / w, d1, 1 - 1 / l1, 1 - 1 / u1),
      estimate(
        .twoWayRandomAverage, (b - e) / (b + (j - e) / n), b / e, d3, k * low2 / (1 + low2 * (k - 1)),
        k * high2 / (1 + high2 * (k - 1))),
      estimate(.twoWayMixedAverage, (b - e) / b, b / e, d3, 1 - 1 / l3, 1 - 1 / u3),
    ]
  }
}
