import Glibc

extension ChooserFit {
  /// Newton's method where units are too many for a dense block: each step by conjugate gradients, preconditioned with the
  /// arrow that has only the block's diagonal.
  ///
  /// What columns are worth comes from the whole block, by conjugate gradients for each of them: units of one kind that meet
  /// those of another in every set make the block twice its diagonal, and columns that tell these kinds apart would seem to
  /// know more than everything. Variances of units take the block for its diagonal: with thousands of units no two compete
  /// often enough.
  static func fitLarge(
    _ sets: ChoiceSets, prior: ColumnPrior, unitVariance: Double, weights: [Double],
    start: (units: [Double], columns: [Double])?
  ) -> ChooserFit {
    var units = start?.units ?? [Double](repeating: 0, count: sets.unitCount)
    var columns = start?.columns ?? prior.means
    var system = ChoiceSystem(
      sets, units: units, columns: columns, weights: weights, prior: prior, unitVariance: unitVariance)
    var evaluations = 1
    var iterations = 0
    var stop = SearchRecord.Stop.evaluations
    for _ in 0..<60 {
      let step = system.solve()
      let gain = 0.5 * dot(step, system.gradient)
      if gain <= 1e-8 {
        stop = .gradient
        break
      }
      iterations += 1
      var length = 1.0
      var moved = false
      while length > 1e-6 {
        let nextUnits = units.indices.map { units[$0] + length * step[$0] }
        let nextColumns = columns.indices.map { columns[$0] + length * step[units.count + $0] }
        let next = ChoiceSystem(
          sets, units: nextUnits, columns: nextColumns, weights: weights, prior: prior, unitVariance: unitVariance)
        evaluations += 1
        if next.value.isFinite && next.value >= system.value + 1e-4 * length * gain - 1e-12 * abs(system.value) {
          (units, columns, system, moved) = (nextUnits, nextColumns, next, true)
          break
        }
        length *= 0.5
      }
      if !moved {
        stop = .failure
        break
      }
    }
    let reduced = system.reduced()
    var schur = system.arrow.columns
    schur.mirrorLowerTriangle()
    schur.add(system.arrow.border, times: reduced, scale: -1)
    let factor = try? Cholesky(schur)
    // Columns of whose worth rounding leaves nothing tell nothing.
    if factor == nil { stop = .failure }
    let covariance = factor?.inverse ?? .diagonal(prior.variances)
    var information = schur
    for j in columns.indices { information[j, j] -= 1 / prior.variances[j] }
    let pull = columns.indices.map { (columns[$0] - prior.means[$0]) / prior.variances[$0] }
    // [A⁻¹]ᵤᵤ + xᵤᵀ S⁻¹ xᵤ, x = A⁻¹ Bᵀ.
    let ofColumns = reduced * covariance
    let unitVariances = units.indices.map { unit in
      columns.indices.reduce(1 / system.arrow.diagonal[unit]) { $0 + ofColumns[unit, $1] * reduced[unit, $1] }
    }
    return ChooserFit(
      units: units, columns: columns, unitVariances: unitVariances, columnCovariance: covariance,
      logLikelihood: system.logLikelihood,
      record: SearchRecord(
        method: "Newton with conjugate gradients", stop: stop, evaluations: evaluations,
        gradientNorm: system.gradient.map(abs).max() ?? 0, iterations: iterations),
      pickedProbabilities: system.picked,
      columnInformation: information, columnEvidence: zip(information * columns, pull).map { $0 + $1 },
      unitShifts: reduced)
  }
}

/// A penalized choice likelihood at a point: value, gradient, and products with the negative Hessian.
struct ChoiceSystem {
  private let sets: ChoiceSets
  private let prior: ColumnPrior
  private let unitVariance: Double
  /// By set; empty for one each.
  private let weights: [Double]
  /// p of every alternative.
  private let shares: [Double]
  /// P of what was picked, by set.
  let picked: [Double]
  let logLikelihood: Double
  let value: Double
  /// By unit, then column.
  let gradient: [Double]
  let arrow: DiagonalArrow

  init(
    _ sets: ChoiceSets, units: [Double], columns: [Double], weights: [Double], prior: ColumnPrior, unitVariance: Double
  ) {
    self.sets = sets
    self.weights = weights
    self.prior = prior
    self.unitVariance = unitVariance
    var gradient = [Double](repeating: 0, count: sets.unitCount + sets.columnCount)
    var shares = [Double](repeating: 0, count: sets.items.count)
    var logLikelihood = 0.0
    let unitCount = sets.unitCount
    let columnCount = sets.columnCount
    var arrow = DiagonalArrow(units: unitCount, columns: columnCount)
    var mean = [Double](repeating: 0, count: columnCount)
    var unitShares: [Int: Double] = [:]
    var picked: [Double] = []
    picked.reserveCapacity(sets.count)
    for set in 0..<sets.count {
      let range = sets.starts[set]..<sets.starts[set + 1]
      let weight = weights.isEmpty ? 1 : weights[set]
      var largest = -Double.infinity
      for r in range {
        var eta = sets.logWeights.isEmpty ? 0 : Double(sets.logWeights[r])
        eta += units[sets.unit(r)]
        sets.forEachColumn(r) { eta += columns[$0] * $1 }
        shares[r] = eta
        largest = max(largest, eta)
      }
      var total = 0.0
      for r in range { total += exp(shares[r] - largest) }
      logLikelihood += weight * (shares[range.lowerBound] - largest - log(total))
      picked.append(exp(shares[range.lowerBound] - largest) / total)
      unitShares.removeAll(keepingCapacity: true)
      for r in range {
        let p = exp(shares[r] - largest) / total
        shares[r] = p
        let unit = sets.unit(r)
        let pick = r == range.lowerBound ? 1.0 : 0.0
        gradient[unit] += weight * (pick - p)
        unitShares[unit, default: 0] += p
        sets.forEachColumn(r) { j, x in
          gradient[unitCount + j] += weight * (pick - p) * x
          mean[j] += p * x
          arrow.border[j, unit] += weight * p * x
          sets.forEachColumn(r) { i, y in
            if i >= j { arrow.columns[i, j] += weight * p * x * y }
          }
        }
      }
      for (unit, share) in unitShares {
        arrow.diagonal[unit] += weight * share * (1 - share)
        for j in 0..<columnCount { arrow.border[j, unit] -= weight * share * mean[j] }
      }
      for j in 0..<columnCount {
        for i in j..<columnCount { arrow.columns[i, j] -= weight * mean[i] * mean[j] }
      }
      for j in 0..<columnCount { mean[j] = 0 }
    }
    var value = logLikelihood
    for (k, u) in units.enumerated() {
      gradient[k] -= u / unitVariance
      arrow.diagonal[k] += 1 / unitVariance
      value -= 0.5 * u * u / unitVariance
    }
    for (j, b) in columns.enumerated() {
      let away = b - prior.means[j]
      gradient[unitCount + j] -= away / prior.variances[j]
      arrow.columns[j, j] += 1 / prior.variances[j]
      value -= 0.5 * away * away / prior.variances[j]
    }
    arrow.factor()
    (self.arrow, self.gradient, self.shares) = (arrow, gradient, shares)
    (self.logLikelihood, self.value, self.picked) = (logLikelihood, value, picked)
  }

  /// H v.
  func product(_ v: [Double]) -> [Double] {
    let unitCount = sets.unitCount
    var result = v.indices.map { k in
      v[k] / (k < unitCount ? unitVariance : prior.variances[k - unitCount])
    }
    for set in 0..<sets.count {
      let range = sets.starts[set]..<sets.starts[set + 1]
      var mean = 0.0
      func along(_ r: Int) -> Double {
        var sum = v[sets.unit(r)]
        sets.forEachColumn(r) { sum += v[unitCount + $0] * $1 }
        return sum
      }
      for r in range { mean += shares[r] * along(r) }
      for r in range {
        let pull = (weights.isEmpty ? 1 : weights[set]) * shares[r] * (along(r) - mean)
        result[sets.unit(r)] += pull
        sets.forEachColumn(r) { result[unitCount + $0] += pull * $1 }
      }
    }
    return result
  }

  /// H⁻¹ gradient, to a relative residual of 1e-6.
  func solve() -> [Double] {
    Self.solve(gradient, residual: 1e-6, preconditioner: arrow.solve, product: product)
  }

  /// A⁻¹ Bᵀ, units × columns.
  func reduced() -> Matrix {
    let block = UnitBlock(sets, shares: shares, weights: weights, unitVariance: unitVariance)
    var result = Matrix(rows: sets.unitCount, columns: sets.columnCount)
    for j in 0..<sets.columnCount {
      let column = Self.solve(
        (0..<sets.unitCount).map { arrow.border[j, $0] }, residual: 1e-9,
        preconditioner: { zip($0, arrow.diagonal).map { $0 / $1 } }, product: block.product)
      for (unit, entry) in column.enumerated() { result[unit, j] = entry }
    }
    return result
  }

  /// By conjugate gradients. Source: Golub & Van Loan (2013), §11.5.
  private static func solve(
    _ right: [Double], residual tolerance: Double, preconditioner: ([Double]) -> [Double],
    product: ([Double]) -> [Double]
  ) -> [Double] {
    var x = [Double](repeating: 0, count: right.count)
    var residual = right
    var z = preconditioner(residual)
    var direction = z
    var rz = dot(residual, z)
    let target = tolerance * tolerance * rz
    for _ in 0..<500 where rz > target {
      let h = product(direction)
      let length = rz / dot(direction, h)
      for k in x.indices {
        x[k] += length * direction[k]
        residual[k] -= length * h[k]
      }
      z = preconditioner(residual)
      let next = dot(residual, z)
      for k in direction.indices { direction[k] = z[k] + next / rz * direction[k] }
      rz = next
    }
    return x
  }
}

/// Products with the units' block of the negative Hessian, from units' shares of each set.
private struct UnitBlock {
  private let weights: [Double]
  private let unitVariance: Double
  /// The first share of each set, and the end of the last; whose it is, and how large.
  private var starts = [0]
  private var units: [Int] = []
  private var shares: [Double] = []

  init(_ sets: ChoiceSets, shares: [Double], weights: [Double], unitVariance: Double) {
    (self.weights, self.unitVariance) = (weights, unitVariance)
    var places = [Int](repeating: -1, count: sets.unitCount)
    for set in 0..<sets.count {
      let first = units.count
      for r in sets.starts[set]..<sets.starts[set + 1] {
        let unit = sets.unit(r)
        if places[unit] < first {
          places[unit] = units.count
          units.append(unit)
          self.shares.append(0)
        }
        self.shares[places[unit]] += shares[r]
      }
      starts.append(units.count)
    }
  }

  func product(_ v: [Double]) -> [Double] {
    var result = v.map { $0 / unitVariance }
    for set in 0..<starts.count - 1 {
      let own = starts[set]..<starts[set + 1]
      let mean = own.reduce(0.0) { $0 + shares[$1] * v[units[$1]] }
      let weight = weights.isEmpty ? 1 : weights[set]
      for k in own { result[units[k]] += weight * shares[k] * (v[units[k]] - mean) }
    }
    return result
  }
}

/// An arrow whose block of units is diagonal.
struct DiagonalArrow {
  var diagonal: [Double]
  var border: Matrix
  /// Columns × columns; the lower triangle counts.
  var columns: Matrix
  private var schurFactor: Cholesky?

  init(units: Int, columns: Int) {
    diagonal = [Double](repeating: 0, count: units)
    border = Matrix(rows: columns, columns: units)
    self.columns = Matrix(rows: columns, columns: columns)
  }

  mutating func factor() {
    var s = columns
    s.mirrorLowerTriangle()
    for (unit, d) in diagonal.enumerated() {
      for j in 0..<s.columns {
        for i in 0..<s.rows { s[i, j] -= border[i, unit] * border[j, unit] / d }
      }
    }
    for ridge in [0, 1e-10, 1e-6, 1e-2] {
      var damped = s
      for j in 0..<s.columns { damped[j, j] = abs(damped[j, j]) * (1 + ridge) + ridge }
      schurFactor = try? Cholesky(damped)
      if schurFactor != nil { return }
    }
  }

  func solve(_ v: [Double]) -> [Double] {
    let unitCount = diagonal.count
    var right = Array(v[unitCount...])
    for unit in 0..<unitCount {
      for j in right.indices { right[j] -= border[j, unit] * v[unit] / diagonal[unit] }
    }
    let columnStep = schurFactor?.solve(right) ?? right
    var result = v
    for unit in 0..<unitCount {
      var sum = v[unit]
      for j in columnStep.indices { sum -= border[j, unit] * columnStep[j] }
      result[unit] = sum / diagonal[unit]
    }
    for j in columnStep.indices { result[unitCount + j] = columnStep[j] }
    return result
  }
}
