import Glibc

/// Rows with gaps and the normal distribution that makes what was observed of them most probable.
///
/// Everything that needs a number of observations reads it here, since gaps leave fewer than there are rows, and a
/// different number to each pair of columns.
struct IncompleteSample: Sendable, Equatable {
  let patterns: [MissingPattern]
  /// Of columns standardised by what is known of them.
  let estimate: NormalEstimate

  /// p.
  var columns: Int { estimate.mean.count }

  /// How many rows have both columns of each pair i < j, ordered by j and then i.
  var pairCounts: [Double] {
    var counts = Matrix(rows: columns, columns: columns)
    for pattern in patterns {
      for j in pattern.known {
        for i in pattern.known { counts[i, j] += pattern.count }
      }
    }
    return (0..<columns).flatMap { j in (0..<j).map { counts[$0, j] } }
  }

  /// Their harmonic mean: what a pair contributes to a test grows with its count, its error with the inverse.
  var meanPairCount: Double {
    let counts = pairCounts
    return Double(counts.count) / counts.reduce(0) { $0 + 1 / $1 }
  }

  /// 2 (ℓ(μ̂, Σ̂) − ℓ(independent)): by how much the observed values are likelier with correlations than without.
  ///
  /// Without correlations the likelihood falls apart into those of the columns, whose best mean and variance are the plain
  /// ones of what is known.
  func independenceRatio() throws(NumericsError) -> Double {
    var (counts, sums) = ([Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns))
    var squares = sums
    var fitted = 0.0
    for pattern in patterns {
      for (k, j) in pattern.known.enumerated() {
        counts[j] += pattern.count
        sums[j] += pattern.sums[k]
        squares[j] += pattern.products[k, k]
      }
      fitted += try pattern.logLikelihood(estimate.mean, estimate.covariance)
    }
    var independent = 0.0
    for j in 0..<columns {
      let mean = sums[j] / counts[j]
      independent -= counts[j] * (log(squares[j] / counts[j] - mean * mean) + 1) / 2
    }
    return max(0, 2 * (fitted - independent))
  }
}
