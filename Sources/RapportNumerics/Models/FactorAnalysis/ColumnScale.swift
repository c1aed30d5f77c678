/// Powers of two that bring the largest value of each column to between 1 and 2.
///
/// Squares and sums then neither overflow nor vanish, whatever the unit, and no digit changes.
struct ColumnScale: Sendable, Equatable {
  /// The largest value of column j is 2^exponentⱼ to 2^(exponentⱼ + 1) in size; 0 for a column of zeros.
  let exponents: [Int]

  /// - Throws: ``NumericsError/invalidInput(_:)`` where a value isn't finite.
  init(_ columns: [[Double]], names: [String]) throws(NumericsError) {
    var exponents: [Int] = []
    for (j, column) in columns.enumerated() {
      if let i = column.firstIndex(where: { !$0.isFinite }) {
        throw .invalidInput(
          "\(columnName(j, names)) has \(column[i]) as value \(i + 1), which isn't a finite number; leave it out")
      }
      let largest = column.reduce(0) { max($0, abs($1)) }
      exponents.append(largest > 0 ? largest.exponent : 0)
    }
    self.exponents = exponents
  }

  /// Values of column j times 2^−exponent, exactly unless they vanish beside the column's largest.
  func scaled(_ values: [Double], column j: Int) -> [Double] {
    guard exponents[j] != 0 else { return values }
    // In two factors, since one alone may be beyond the range of numbers.
    let half = -exponents[j] / 2
    let (first, second) = (Self.times(1, powerOfTwo: half), Self.times(1, powerOfTwo: -exponents[j] - half))
    return values.map { $0 * first * second }
  }

  /// x of column j times 2^−exponent.
  func scaled(_ x: Double, column j: Int) -> Double { Self.times(x, powerOfTwo: -exponents[j]) }

  /// x 2^exponent, of a column's mean or standard deviation.
  func restored(_ x: Double, column j: Int) -> Double { Self.times(x, powerOfTwo: exponents[j]) }

  /// c 2^(exponentᵢ + exponentⱼ), of a covariance; beyond the range of numbers it is infinite or 0.
  func restored(_ covariance: Double, columns i: Int, _ j: Int) -> Double {
    Self.times(covariance, powerOfTwo: exponents[i] + exponents[j])
  }

  private static func times(_ x: Double, powerOfTwo exponent: Int) -> Double {
    exponent == 0 ? x : Double(sign: .plus, exponent: exponent, significand: x)
  }
}
