import Glibc

/// The maximum of one chooser's penalized log likelihood.
///
/// It is strictly concave, so there is one maximum. Newton's method on units and columns together, the arrow solved by its
/// Schur complement; steps are halved until the value rises enough, and the end is verified by what Newton's step would
/// still gain.
struct ChoiceSearch {
  let sets: ChoiceSets
  let prior: ColumnPrior
  let unitVariance: Double
  /// By set; empty for one each.
  let weights: [Double]
  /// The search ends with a Newton step that gains less, in log likelihood.
  var tolerance = Self.finalTolerance
  /// Of what is reported, and of what only leads there: a step that gains g is √(2 g) errors long, and leaves about the
  /// square of that. The curvature stays that of the point before.
  static let finalTolerance = 1e-8
  static let passingTolerance = 1e-6

  /// Where a search ended.
  struct End {
    var units: [Double]
    var columns: [Double]
    var derivatives: ChoiceDerivatives
    var arrow: Arrow
    var record: SearchRecord
  }

  func derivatives(_ units: [Double], _ columns: [Double]) -> ChoiceDerivatives {
    ChoiceDerivatives(sets, units: units, columns: columns, weights: weights)
  }

  /// The penalized log likelihood.
  func objective(_ derivatives: ChoiceDerivatives, _ units: [Double], _ columns: [Double]) -> Double {
    var value = derivatives.logLikelihood
    for u in units { value -= 0.5 * u * u / unitVariance }
    for j in columns.indices {
      value -= 0.5 * (columns[j] - prior.means[j]) * (columns[j] - prior.means[j]) / prior.variances[j]
    }
    return value
  }

  /// Its slopes.
  private func slopes(_ derivatives: ChoiceDerivatives, _ units: [Double], _ columns: [Double]) -> (
    units: [Double], columns: [Double]
  ) {
    let unitSlopes = zip(derivatives.unitGradient, units).map { $0 - $1 / unitVariance }
    let columnSlopes = columns.indices.map {
      derivatives.columnGradient[$0] - (columns[$0] - prior.means[$0]) / prior.variances[$0]
    }
    return (unitSlopes, columnSlopes)
  }

  /// The maximum, from a start.
  func climb(_ startUnits: [Double], _ startColumns: [Double]) -> End {
    var (units, columns) = (startUnits, startColumns)
    var here = derivatives(units, columns)
    var value = objective(here, units, columns)
    var evaluations = 1
    var iterations = 0
    var stop = SearchRecord.Stop.evaluations
    var arrow = Arrow(here, prior: prior, unitVariance: unitVariance)
    var slope = slopes(here, units, columns)
    for _ in 0..<60 {
      let step = arrow.solve(slope.units, slope.columns)
      let gain = 0.5 * (dot(step.units, slope.units) + dot(step.columns, slope.columns))
      if gain <= tolerance {
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
        let next = derivatives(nextUnits, nextColumns)
        let nextValue = objective(next, nextUnits, nextColumns)
        evaluations += 1
        if nextValue.isFinite && nextValue >= value + 1e-4 * length * gain - 1e-12 * abs(value) {
          (units, columns, here, value, moved) = (nextUnits, nextColumns, next, nextValue, true)
          break
        }
        length *= 0.5
      }
      if !moved {
        stop = .failure
        break
      }
      arrow = Arrow(here, prior: prior, unitVariance: unitVariance)
      slope = slopes(here, units, columns)
    }
    let steepest = (slope.units + slope.columns).reduce(0) { max($0, abs($1)) }
    return End(
      units: units, columns: columns, derivatives: here, arrow: arrow,
      record: SearchRecord(
        method: "Newton", stop: stop, evaluations: evaluations, gradientNorm: steepest, iterations: iterations))
  }
}
