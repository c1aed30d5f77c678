import Glibc

/// Varimax: the orthogonal rotation with the largest variance of squared loadings within factors.
///
///     v = Σⱼ [Σᵢ zᵢⱼ⁴ − (Σᵢ zᵢⱼ²)² / p]        z loadings with rows at length one
///
/// Pairs of factors are rotated in turn by the angle that is best for the pair (Kaiser 1958, Psychometrika 23, 187–200,
/// with its closed form), until no pair moves.
struct Varimax {
  var starts: Int
  var seed: UInt64

  /// Where a search ended.
  struct End {
    var loadings: Matrix
    var criterion: Double
    /// Different values that the starts ended in.
    var distinctOptima = 1
    /// Steps are sweeps over all pairs, evaluations pairs that were looked at, the gradient is by a pair's angle.
    var record: SearchRecord
  }

  /// The best over the given position and random ones.
  func rotate(_ loadings: Matrix) -> End {
    let lengths = (0..<loadings.rows).map { i in dot(loadings.row(i), loadings.row(i)).squareRoot() }
    let normalized = loadings.scalingRows(by: lengths.map { $0 > 0 ? 1 / $0 : 0 })
    var best = settle(normalized)
    var values = [best.criterion]
    var evaluations = best.record.evaluations
    for start in 0..<starts {
      let turned = normalized * RandomRotation.draw(loadings.columns, seed: seed, start: start)
      let end = settle(turned)
      values.append(end.criterion)
      evaluations += end.record.evaluations
      if end.criterion > best.criterion + 1e-9 * (1 + abs(best.criterion)) { best = end }
    }
    best.loadings = best.loadings.scalingRows(by: lengths)
    best.distinctOptima = RandomRotation.countDistinct(values)
    best.record.evaluations = evaluations
    return best
  }

  private func settle(_ start: Matrix) -> End {
    let p = start.rows
    var columns = (0..<start.columns).map { start.column($0) }
    var record = SearchRecord(method: "varimax by pairs", stop: .evaluations, evaluations: 0, gradientNorm: 0)
    var largestAngle = Double.infinity
    var sweeps = 0
    while largestAngle > 1e-12 && sweeps < 500 {
      sweeps += 1
      largestAngle = 0
      record.gradientNorm = 0
      for j in columns.indices {
        for k in (j + 1)..<max(columns.count, j + 1) {
          let (x, y) = (columns[j], columns[k])
          let (up, across) = Self.slopes(x, y)
          record.evaluations += 1
          guard hypot(up, across) > 1e-14 else { continue }
          record.gradientNorm = max(record.gradientNorm ?? 0, abs(up))
          let angle = atan2(up, across) / 4
          largestAngle = max(largestAngle, abs(angle))
          let (cosine, sine) = (cos(angle), sin(angle))
          for i in 0..<p {
            columns[j][i] = cosine * x[i] + sine * y[i]
            columns[k][i] = cosine * y[i] - sine * x[i]
          }
        }
      }
    }
    var criterion = 0.0
    for column in columns {
      var (second, fourth) = (0.0, 0.0)
      for z in column {
        second += z * z
        fourth += z * z * z * z
      }
      criterion += fourth - second * second / Double(p)
    }
    if largestAngle <= 1e-12 { record.stop = .tolerance }
    record.iterations = sweeps
    return End(loadings: Matrix(columns: columns), criterion: criterion, record: record)
  }

  /// The derivative of v by the angle by which a pair of columns is turned, and a quarter of its negative curvature.
  ///
  /// Along the angle θ the pair adds a constant and (across · cos 4θ + up · sin 4θ) / 4.
  static func slopes(_ x: [Double], _ y: [Double]) -> (up: Double, across: Double) {
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    for i in x.indices {
      let u = x[i] * x[i] - y[i] * y[i]
      let v = 2 * x[i] * y[i]
      a += u
      b += v
      c += u * u - v * v
      d += 2 * u * v
    }
    let p = Double(x.count)
    return (d - 2 * a * b / p, c - (a * a - b * b) / p)
  }
}

extension Matrix {
  /// diag(weights) A.
  func scalingRows(by weights: [Double]) -> Matrix {
    var result = self
    for j in 0..<columns {
      for i in 0..<rows { result.elements[i + j * rows] *= weights[i] }
    }
    return result
  }
}
