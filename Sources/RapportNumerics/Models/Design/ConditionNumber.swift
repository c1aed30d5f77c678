/// How nearly columns depend on one another: the largest singular value of columns of length 1 over the smallest.
///
/// 1 for columns that have nothing in common; infinite for columns of which one depends on the others.
///
/// Source: Belsley, Kuh & Welsch (1980), Regression Diagnostics, §3.2.
public enum ConditionNumber {
  /// From here on, digits of coefficients get lost, and what each column does can hardly be told apart.
  public static let large = 1000.0

  /// Of columns with these cross-products, which are scaled to length 1 first; 1 without columns.
  ///
  /// - Throws: ``NumericsError/failed(routine:info:)`` where the eigenvalues can't be found.
  /// - Complexity: O(columns³)
  public static func ofColumns(withCrossProducts products: Matrix) throws(NumericsError) -> Double {
    guard products.rows > 0 else { return 1 }
    var scaled = products
    for j in 0..<products.columns {
      for i in 0..<products.rows {
        scaled[i, j] = i == j ? 1 : products[i, j] / (products[i, i] * products[j, j]).squareRoot()
      }
    }
    guard scaled.elements.allSatisfy(\.isFinite) else { return .infinity }
    return ofColumns(withEigenvalues: try SymmetricEigen(scaled).values)
  }

  /// Of columns of length 1 whose cross-products have these eigenvalues.
  public static func ofColumns(withEigenvalues values: [Double]) -> Double {
    guard let low = values.min(), let high = values.max() else { return 1 }
    return low > 0 ? (high / low).squareRoot() : .infinity
  }

  /// What is to be said of it, in words; `nil` where it isn't large.
  ///
  /// - Parameters: `columns`: what they are called, as in "the fixed columns".
  public static func note(_ number: Double, of columns: String) -> String? {
    guard number > large else { return nil }
    let size = number < 1e15 ? String(Int(number.rounded())) : "beyond 10¹⁵"
    return "\(columns) nearly depend on one another (condition number \(size)): what each does can hardly be told apart"
  }
}
