import RapportNumerics

/// How long one manager's requests wait beside comparable requests of the same partners' other managers.
///
///     S₀(t) = Π_{tⱼ ≤ t} (1 − Σ_c ω_c d_cj / Σ_c ω_c n_cj)        ω_c = m_c / n_c
///
/// c: partner, topic and priority; m_c: the manager's requests of that kind; n_c: others', of which n_cj still wait at tⱼ
/// and d_cj are answered then. Others' requests are weighted to the manager's mix, and then the curve is made as the
/// manager's own is: where nothing but the mix differs, the two agree, and a kind whose waits are known only so far
/// leaves both alike. Nothing else is held equal. `WaitComparisons` says which requests are of one kind.
///
/// Times are working seconds; open requests count as still waiting. Limits are pointwise, symmetric for log(−log S), and
/// take requests for independent.
///
/// Source: Xie & Liu (2005), Adjusted Kaplan–Meier estimator and log-rank test with inverse probability of treatment
/// weighting: the curve and its variance S₀² Σ (1 − sⱼ) / (Mⱼ sⱼ), sⱼ the factor at tⱼ, Mⱼ = (Σ ω)² / Σ ω² over those
/// who still wait.
public struct WaitComparison: Codable, Sendable, Equatable {
  /// The share that still waits, at the times that a drawing needs.
  public struct Curve: Codable, Sendable, Equatable {
    /// Ascending, a time twice where both ends of a large fall are points; the first is 0, the last how far the curve is known. At most ``WaitComparison/points``.
    public var seconds: [Double]
    /// The share that still waits from each time on, to four decimals. Where the curve has more falls than points, a small
    /// fall is a point in its middle, so that lines between points don't run below the steps, and one larger than
    /// ``WaitComparison/largeFall`` two points at one time, before and after it: the largest seven of these always, others as far
    /// as points go. (All of them would take up to a hundred points where 23 to 49 were answered: every fall is large there.)
    public var shares: [Double]
    /// Limits of the shares at the level that is shown, to four decimals; `nil` where nothing is known of them: all are
    /// answered.
    public var lows: [Double?]
    public var highs: [Double?]
    /// When half are answered; `nil` where the curve stays above one half.
    public var median: Double?
    /// Whether every fall is a point, so that a share holds until the next; otherwise straight lines join the points.
    public var isStepwise: Bool
  }

  /// The manager's requests that are compared, and how many of them were answered.
  public var requests: Int
  public var answered: Int
  /// The manager's requests that have no comparable ones.
  public var leftOut: Int
  /// Others' requests that the comparison rests on.
  public var others: Int
  public var own: Curve
  /// `nil` where too little is comparable; then `own` holds all of the manager's requests. It ends where fewer than
  /// ``fewestWaiting`` requests' worth of weight still wait.
  public var comparable: Curve?

  /// Points of a curve, at most.
  public static let points = 24
  /// A larger fall of a curve with more falls than points is shown as one, not as a slope, if it is among the largest or there are
  /// points left: many answers at one time, as a job at midnight gives them.
  public static let largeFall = 0.02
  /// A manager with fewer answers has no curve.
  public static let fewestAnswers = 5
  /// Fewer requests of others than this are no kind to compare with, and fewer answers no comparison.
  public static let fewestOthers = 10
  /// The comparable curve ends where fewer than so many (Mⱼ above) still wait.
  public static let fewestWaiting = 3.0
}

extension WaitComparison.Curve {
  /// A curve by those of its points that a drawing needs: all falls, or those that lines between them stay nearest to.
  ///
  /// - Parameters:
  ///   - falls: each time at which the curve falls and the share from then on.
  ///   - end: how far it is known.
  ///   - limits: of the share at a fall.
  init(
    falls: [(seconds: Double, share: Double)], end: Double, median: Double?,
    limits: (Int) -> (low: Double, high: Double)?
  ) {
    // One point is for the start, one for the end.
    let room = WaitComparison.points - 2
    isStepwise = falls.count <= room
    // Each point with the falls at whose levels its limits stand: one, or those before and after its middle. −1: the start.
    var line = [(seconds: 0.0, share: 1.0)]
    var levels = [[-1]]
    var lumps: [(size: Double, top: Int)] = []
    for (fall, next) in falls.enumerated() {
      let before = fall > 0 ? falls[fall - 1].share : 1
      if !isStepwise, before - next.share > WaitComparison.largeFall {
        // Both ends, one below the other.
        lumps.append((before - next.share, line.count))
        line += [(next.seconds, before), next]
        levels += [[fall - 1], [fall]]
      } else if isStepwise || fall == falls.count - 1 {
        line.append(next)
        levels.append([fall])
      } else {
        // Lines go through the middle of small falls.
        line.append((next.seconds, (before + next.share) / 2))
        levels.append([fall - 1, fall])
      }
    }
    // The largest falls have both their ends, as far as two thirds of the points go.
    lumps.sort { ($1.size, $0.top) < ($0.size, $1.top) }
    let forced = lumps.prefix(room / 3).flatMap { [$0.top, $0.top + 1] }
    let kept = isStepwise ? Array(line.indices) : Self.nearest(line, count: room + 1, forced: forced)
    func rounded(_ share: Double) -> Double { (share * 10_000).rounded() / 10_000 }
    seconds = kept.map { line[$0].seconds }
    shares = kept.map { rounded(line[$0].share) }
    let bounds = kept.map { point -> (low: Double, high: Double)? in
      let all = levels[point].compactMap { $0 < 0 ? (low: 1.0, high: 1.0) : limits($0) }
      guard all.count == levels[point].count else { return nil }
      let count = Double(all.count)
      return (all.reduce(0) { $0 + $1.low } / count, all.reduce(0) { $0 + $1.high } / count)
    }
    lows = bounds.map { $0.map { rounded($0.low) } }
    highs = bounds.map { $0.map { rounded($0.high) } }
    if let last = seconds.last, end > last {
      seconds.append(end)
      shares.append(shares[shares.count - 1])
      lows.append(lows[lows.count - 1])
      highs.append(highs[highs.count - 1])
    }
    self.median = median
  }

  /// Points of a falling line such that straight lines between them stay close to all others: both ends and those that are
  /// forced, then again and again the one that is farthest off.
  ///
  /// Source: Ramer (1972), An iterative procedure for the polygonal approximation of plane curves; by share alone.
  private static func nearest(_ line: [(seconds: Double, share: Double)], count: Int, forced: [Int]) -> [Int] {
    /// The point between two that is farthest from the line that joins them.
    func farthest(_ a: Int, _ b: Int) -> (point: Int, distance: Double) {
      var result = (point: a, distance: 0.0)
      let slope = (line[b].share - line[a].share) / max(line[b].seconds - line[a].seconds, 1e-9)
      for i in a + 1..<max(a + 1, b) {
        let distance = abs(line[i].share - line[a].share - slope * (line[i].seconds - line[a].seconds))
        if distance > result.distance { result = (i, distance) }
      }
      return result
    }
    var kept = Set(forced + [0, line.count - 1]).sorted()
    var between = zip(kept, kept.dropFirst()).map { farthest($0, $1) }
    while kept.count < count {
      var widest = 0
      for i in between.indices where between[i].distance > between[widest].distance { widest = i }
      guard between[widest].distance > 0 else { break }
      let point = between[widest].point
      kept.insert(point, at: widest + 1)
      between[widest] = farthest(kept[widest], point)
      between.insert(farthest(point, kept[widest + 2]), at: widest + 1)
    }
    return kept
  }
}
