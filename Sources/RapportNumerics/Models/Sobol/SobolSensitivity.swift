/// How much of an answer's variance each of its uncertain inputs makes: variance-based sensitivity.
///
///     S_j = Var E(f | x_j) / Var f            first order: what knowing x_j alone would take away
///     T_j = E Var(f | all but x_j) / Var f    total: what would remain if all but x_j were known
///
/// The inputs are independent and uniform on 0 … 1; the function turns them into weights, choices and parameters. With
/// rows of two independent samples A and B, and A_B^j as A with its j-th column from B,
///
///     S_j Var f ≈ mean f(B) (f(A_B^j) − f(A))        T_j Var f ≈ ½ mean (f(A) − f(A_B^j))²
///
/// A and B are the halves of randomized Sobol points, in batches that are independent of one another: errors come from how
/// much the batches differ. Source: Saltelli et al. (2010), Variance based sensitivity analysis of model output, table 2
/// (b); Jansen (1999), table 2 (f). Differs: f is centred at its mean in the first, which takes away variance, no bias.
public struct SobolSensitivity: Sendable {
  /// Rows of a batch, a power of two.
  public var batchPoints = 512
  /// Batches; the errors' relative error is 1/√(2 (batches − 1)), with sixteen 18 %.
  public var batches = 16
  /// Fixes the points.
  public var seed: UInt64 = 1
  /// Threads over batches; the result doesn't depend on it.
  public var threads = 1

  /// The method with its defaults.
  public init() {}

  /// The indices of each component of a function.
  ///
  /// - Parameters: `inputs`: 1 … 32, how many numbers `function` takes; it gives as many at every point.
  /// - Returns: for each component.
  /// - Throws: ``NumericsError/invalidInput(_:)`` where the function isn't finite.
  /// - Complexity: batches · batchPoints · (inputs + 2) calls.
  public func indices(
    inputs: Int, of function: @Sendable ([Double]) -> [Double]
  ) throws(NumericsError) -> [SensitivityIndices] {
    precondition(
      inputs >= 1 && 2 * inputs <= SobolSequence.largestDimension,
      "\(inputs) inputs, expected 1 … \(SobolSequence.largestDimension / 2)")
    precondition(batches > 1, "\(batches) batches, expected at least two: errors come from their differences")
    precondition(
      batchPoints > 0 && batchPoints.nonzeroBitCount == 1, "\(batchPoints) points in a batch, expected a power of two")
    // Sums are of f less this, so that a large mean takes no digits.
    let origin = try value(function, at: [Double](repeating: 0.5, count: inputs), expected: nil)
    let sums = try parallelMap(count: batches, threads: threads) { batch throws(NumericsError) in
      try self.batch(batch, inputs, origin, function)
    }
    return origin.indices.map { component in
      SensitivityIndices(sums.map { $0[component] }, origin: origin[component])
    }
  }

  private func batch(
    _ batch: Int, _ inputs: Int, _ origin: [Double], _ function: ([Double]) -> [Double]
  ) throws(NumericsError) -> [SensitivitySums] {
    let points = SobolSequence(dimensions: 2 * inputs, seed: seed, replicate: batch)
    var sums = [SensitivitySums](repeating: SensitivitySums(inputs: inputs), count: origin.count)
    for index in 0..<batchPoints {
      let point = points.point(index)
      let b = Array(point[inputs...])
      var a = Array(point[..<inputs])
      let atA = try value(function, at: a, expected: origin.count)
      let atB = try value(function, at: b, expected: origin.count)
      for c in sums.indices { sums[c].add(atA[c] - origin[c], atB[c] - origin[c]) }
      for j in 0..<inputs {
        let own = a[j]
        a[j] = b[j]
        let mixed = try value(function, at: a, expected: origin.count)
        a[j] = own
        for c in sums.indices { sums[c].add(input: j, atA[c] - origin[c], atB[c] - origin[c], mixed[c] - origin[c]) }
      }
    }
    return sums
  }

  private func value(
    _ function: ([Double]) -> [Double], at point: [Double], expected: Int?
  ) throws(NumericsError) -> [Double] {
    let values = function(point)
    precondition(expected == nil || values.count == expected, "\(values.count) components, expected \(expected ?? 0)")
    for (component, value) in values.enumerated() where !value.isFinite {
      throw .invalidInput("component \(component) is \(value) at \(point); expected a finite value everywhere")
    }
    return values
  }
}
