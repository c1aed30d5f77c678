/// A vector in doubled precision: the nearest doubles, and what they leave.
struct DoubledVector: Sendable, Equatable {
  private(set) var high: [Double]
  private(set) var low: [Double]

  /// The vector with these entries.
  init(_ values: [Double]) {
    high = values
    low = [Double](repeating: 0, count: values.count)
  }

  /// The vector with these entries.
  init(_ values: [Doubled]) {
    high = values.map(\.high)
    low = values.map(\.low)
  }

  var count: Int { high.count }
  var indices: Range<Int> { high.indices }

  subscript(i: Int) -> Doubled { Doubled(high[i], low[i]) }

  /// Each entry times 2ⁿ, exactly.
  mutating func scale(byPowerOfTwo n: Int) {
    // In two steps, since 2ⁿ itself may not be a double.
    for step in [n / 2, n - n / 2] {
      let factor = Double(sign: .plus, exponent: step, significand: 1)
      for i in indices {
        high[i] *= factor
        low[i] *= factor
      }
    }
  }

  /// Σ xᵢ.
  var sum: Doubled {
    var result = DoubledSum()
    for i in indices { result.add(Doubled(high[i], low[i])) }
    return result.value
  }

  /// Σ xᵢ².
  var sumOfSquares: Doubled { dot(self) }

  /// Σ (xᵢ − x̄)²; 0 without entries.
  var centredSumOfSquares: Doubled {
    // The mean of equal entries needn't be their value to the last bit, and 0 is to be 0.
    if indices.allSatisfy({ self[$0] == self[0] }) { return .zero }
    let mean = sum / Doubled(Double(count))
    var result = DoubledSum()
    for i in indices {
      let deviation = Doubled(high[i], low[i]) - mean
      result.add(deviation, times: deviation)
    }
    return result.value
  }

  /// Σ xᵢ yᵢ.
  func dot(_ other: DoubledVector) -> Doubled {
    precondition(count == other.count, "\(count) and \(other.count) entries")
    var result = DoubledSum()
    for i in indices {
      result.add(Doubled(high[i], low[i]), times: Doubled(other.high[i], other.low[i]))
    }
    return result.value
  }

  /// x ← x − c y.
  mutating func subtract(_ c: Doubled, times other: DoubledVector) {
    precondition(count == other.count, "\(count) and \(other.count) entries")
    for i in indices {
      let next = Doubled(high[i], low[i]) - c * Doubled(other.high[i], other.low[i])
      high[i] = next.high
      low[i] = next.low
    }
  }

  /// x ← x / c.
  mutating func divide(by c: Doubled) {
    for i in indices {
      let next = Doubled(high[i], low[i]) / c
      high[i] = next.high
      low[i] = next.low
    }
  }

  /// x − y.
  static func - (x: DoubledVector, y: DoubledVector) -> DoubledVector {
    var result = x
    result.subtract(Doubled(1), times: y)
    return result
  }
}
