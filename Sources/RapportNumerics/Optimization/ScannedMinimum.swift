/// A minimum of a function of one variable that may have several, or be flat over long stretches: even steps through the
/// interval, then Brent's search around the lowest.
///
/// Profiles of a logarithm over many powers of ten are such functions; Brent's search alone would settle wherever it starts.
public struct ScannedMinimum: Sendable {
  /// Steps through the interval.
  public var steps: Int
  /// The search around the lowest step.
  public var refinement = BrentMinimum()

  /// A search with so many steps.
  public init(steps: Int = 24) {
    precondition(steps > 0, "\(steps) steps, expected at least one")
    self.steps = steps
  }

  /// The lowest minimum that the steps let see; of equally low steps the first.
  public func minimize(in limits: ClosedRange<Double>, _ f: (Double) -> Double) -> Minimum {
    let width = (limits.upperBound - limits.lowerBound) / Double(steps)
    func place(_ i: Int) -> Double { i == steps ? limits.upperBound : limits.lowerBound + width * Double(i) }
    var best = (index: 0, value: f(limits.lowerBound))
    for i in 1...steps {
      let value = f(place(i))
      if value < best.value { best = (i, value) }
    }
    let found = refinement.minimize(in: place(max(best.index - 1, 0))...place(min(best.index + 1, steps)), f)
    let evaluations = found.record.evaluations + steps + 1
    // Between steps the function may hide; what was seen counts.
    guard found.value <= best.value else {
      return Minimum(
        point: [place(best.index)], value: best.value,
        record: SearchRecord(method: "scan", stop: found.record.stop, evaluations: evaluations))
    }
    return Minimum(
      point: found.point, value: found.value,
      record: SearchRecord(method: "scan and Brent", stop: found.record.stop, evaluations: evaluations))
  }
}
