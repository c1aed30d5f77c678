import Glibc

/// The maximum of one chooser's penalized log likelihood.
///
/// It is strictly concave, so there is one maximum. Newton's method on units and columns together, the arrow solved by its
/// Schur complement; steps are halved until the value rises enough, and the end is verified by what Newton's step would
/// still gain.
///
/// Where a part of the sets tells enough, the curvature is that of the part, and a pass through all sets is for slopes alone:
/// a step gains some thousandth of what the last one did. Once the maximum is near the curvature is taken there, from all sets,
/// and kept. Source: Shamanskii (1967), A modification of Newton's method.
struct ChoiceSearch {
  let sets: ChoiceSets
  let prior: ColumnPrior
  let unitVariance: Double
  /// By set; empty for one each.
  let weights: [Double]
  /// Where the search only leads to another, it ends with a step that gains less, in log likelihood; the curvature of a part is
  /// enough then.
  var passing: Double?

  /// What the last step gains at most otherwise: of few sets; of many, with a curvature taken nearby; with one taken right
  /// there. A step that gains g is √(2 g) errors long, and leaves about the square of that, of many sets a hundredth of it and
  /// less.
  private static let (fewTolerance, nearTolerance, freshTolerance) = (1e-8, 1e-6, 1e-5)
  /// Where a step would gain less, by the curvature there, that is the maximum's: a step that gains g is √(2 g) errors long, here a
  /// seventieth of one, and along it errors that rest on a pick or two change by about as large a share, others by much less.
  private static let near = 1e-4
  /// A step with a curvature that is kept is to gain less than this share of what the last one did.
  private static let progress = 0.25

  /// The negative Hessian.
  struct Curvature {
    var arrow: Arrow
    /// Whether it was taken from all sets, near the maximum.
    var isFinal: Bool
  }

  /// Where a search ended.
  struct End {
    var units: [Double]
    var columns: [Double]
    var slopes: ChoiceSlopes
    var curvature: Curvature
    var record: SearchRecord
  }

  /// The penalized log likelihood.
  private func objective(_ slopes: ChoiceSlopes, _ units: [Double], _ columns: [Double]) -> Double {
    var value = slopes.logLikelihood
    for u in units { value -= 0.5 * u * u / unitVariance }
    for j in columns.indices {
      value -= 0.5 * (columns[j] - prior.means[j]) * (columns[j] - prior.means[j]) / prior.variances[j]
    }
    return value
  }

  /// Newton's step, and what it would gain.
  private func step(
    _ arrow: Arrow, _ slopes: ChoiceSlopes, _ units: [Double], _ columns: [Double]
  ) -> (units: [Double], columns: [Double], gain: Double, steepest: Double) {
    let unitSlopes = zip(slopes.units, units).map { $0 - $1 / unitVariance }
    let columnSlopes = columns.indices.map {
      slopes.columns[$0] - (columns[$0] - prior.means[$0]) / prior.variances[$0]
    }
    let step = arrow.solve(unitSlopes, columnSlopes)
    return (
      step.units, step.columns, 0.5 * (dot(step.units, unitSlopes) + dot(step.columns, columnSlopes)),
      (unitSlopes + columnSlopes).reduce(0) { max($0, abs($1)) }
    )
  }

  private func arrow(_ derivatives: ChoiceDerivatives) -> Arrow {
    Arrow(derivatives, prior: prior, unitVariance: unitVariance)
  }

  private func derivatives(_ units: [Double], _ columns: [Double]) -> ChoiceDerivatives {
    ChoiceDerivatives(sets, units: units, columns: columns, weights: weights)
  }

  /// The negative Hessian where a search ended, from all sets.
  func curvature(at end: End) -> Curvature {
    end.curvature.isFinal
      ? end.curvature : Curvature(arrow: arrow(derivatives(end.units, end.columns)), isFinal: true)
  }

  private func slopes(_ units: [Double], _ columns: [Double]) -> ChoiceSlopes {
    ChoiceSlopes(sets, units: units, columns: columns, weights: weights)
  }

  /// The maximum, from a start.
  ///
  /// - Parameters:
  ///   - startsNear: whether that is near the maximum, as far as is known
  ///   - known: the curvature near the start, under this prior; only where a part tells enough
  func climb(
    _ startUnits: [Double], _ startColumns: [Double], startsNear: Bool = false, known: Curvature? = nil
  ) -> End {
    precondition(sets.isConsistent, "a place in choice sets that isn't there")
    let partStep = sets.partStep
    var (units, columns) = (startUnits, startColumns)
    var here: ChoiceSlopes
    var curvature: Curvature
    // Whether that was taken where the search is, from all sets.
    var isFresh: Bool
    if let partStep, !startsNear {
      (here, isFresh) = (slopes(units, columns), false)
      curvature =
        known
        ?? Curvature(
          arrow: arrow(
            ChoiceDerivatives(
              sets.every(partStep), units: units, columns: columns, weights: sets.weights(weights, every: partStep))),
          isFinal: false)
    } else {
      let whole = derivatives(units, columns)
      (here, curvature, isFresh) = (whole.slopes, Curvature(arrow: arrow(whole), isFinal: true), true)
    }
    var value = objective(here, units, columns)
    var (evaluations, iterations) = (1, 0)
    var stop = SearchRecord.Stop.evaluations
    var last = Double.infinity
    var step = step(curvature.arrow, here, units, columns)
    for _ in 0..<60 {
      if partStep != nil {
        let isNear = step.gain <= Self.near
        if !isNear { curvature.isFinal = false }
        if (isNear && passing == nil && !curvature.isFinal) || step.gain > Self.progress * last {
          (curvature, isFresh) = (Curvature(arrow: arrow(derivatives(units, columns)), isFinal: false), true)
          evaluations += 1
          step = self.step(curvature.arrow, here, units, columns)
          // A part may have told of less.
          curvature.isFinal = step.gain <= Self.near
        }
        last = step.gain
      }
      let tolerance =
        partStep == nil ? Self.fewTolerance : isFresh ? Self.freshTolerance : Self.nearTolerance
      if step.gain <= passing ?? tolerance {
        (units, columns) = (zip(units, step.units).map { $0 + $1 }, zip(columns, step.columns).map { $0 + $1 })
        stop = .gradient
        break
      }
      iterations += 1
      var length = 1.0
      var moved = false
      while length > 1e-6 {
        let nextUnits = zip(units, step.units).map { $0 + length * $1 }
        let nextColumns = zip(columns, step.columns).map { $0 + length * $1 }
        let whole = partStep == nil ? derivatives(nextUnits, nextColumns) : nil
        let next = whole?.slopes ?? slopes(nextUnits, nextColumns)
        let nextValue = objective(next, nextUnits, nextColumns)
        evaluations += 1
        if nextValue.isFinite && nextValue >= value + 1e-4 * length * step.gain - 1e-12 * abs(value) {
          (units, columns, here, value, moved) = (nextUnits, nextColumns, next, nextValue, true)
          if let whole { curvature.arrow = arrow(whole) }
          isFresh = whole != nil
          break
        }
        if partStep != nil && !isFresh {
          // The part knows too little of some unit.
          (curvature, isFresh) = (Curvature(arrow: arrow(derivatives(units, columns)), isFinal: false), true)
          evaluations += 1
          step = self.step(curvature.arrow, here, units, columns)
        } else {
          length *= 0.5
        }
      }
      if !moved {
        stop = .failure
        break
      }
      step = self.step(curvature.arrow, here, units, columns)
    }
    return End(
      units: units, columns: columns, slopes: here, curvature: curvature,
      record: SearchRecord(
        method: "Newton", stop: stop, evaluations: evaluations, gradientNorm: step.steepest, iterations: iterations))
  }
}
