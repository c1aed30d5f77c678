/// How alike two sets of loadings are, and the turn that makes them most alike.
public enum Congruence {
  /// Tucker's coefficient of each column of A with each of B: Σ ab / √(Σ a² Σ b²); 0 for an empty factor.
  ///
  /// Source: Tucker (1951); 0.85–0.94 is fair and 0.95 good likeness (Lorenzo-Seva & ten Berge 2006).
  public static func table(_ a: Matrix, _ b: Matrix) -> Matrix {
    precondition(a.rows == b.rows, "\(a.rows) and \(b.rows) variables")
    var result = a.transposedTimes(b)
    let (first, second) = (a.crossProduct.diagonal, b.crossProduct.diagonal)
    for j in 0..<result.columns {
      for i in 0..<result.rows {
        let size = (first[i] * second[j]).squareRoot()
        result[i, j] = size > 0 ? result[i, j] / size : 0
      }
    }
    return result
  }

  /// For each column of A, the column of B that it is paired with: the closest pair first, each column once, sign ignored.
  static func pairs(_ a: Matrix, _ b: Matrix) -> [(column: Int, congruence: Double)?] {
    let all = table(a, b)
    var result = [(column: Int, congruence: Double)?](repeating: nil, count: a.columns)
    var free = [Bool](repeating: true, count: b.columns)
    for _ in 0..<min(a.columns, b.columns) {
      var best = (row: -1, column: -1, size: -1.0)
      for i in 0..<a.columns where result[i] == nil {
        for j in 0..<b.columns where free[j] && abs(all[i, j]) > best.size { best = (i, j, abs(all[i, j])) }
      }
      result[best.row] = (best.column, all[best.row, best.column])
      free[best.column] = false
    }
    return result
  }

  /// For each column of A, the size of its congruence with the column of B that it is paired with; `nil` where B has no
  /// column left.
  public static func matched(_ a: Matrix, _ b: Matrix) -> [Double?] {
    pairs(a, b).map { $0.map { abs($0.congruence) } }
  }

  /// A's columns in the order and with the signs that make them most like the target's; as many columns in both.
  public static func aligned(_ a: Matrix, to target: Matrix) -> Matrix {
    precondition(a.columns == target.columns, "\(a.columns) and \(target.columns) factors")
    var result = a
    for (j, pair) in pairs(target, a).enumerated() {
      let (source, congruence) = pair!
      for i in 0..<a.rows { result[i, j] = congruence < 0 ? -a[i, source] : a[i, source] }
    }
    return result
  }

  /// The orthogonal T for which A T is closest to the target: U Vᵀ of Aᵀ B = U S Vᵀ.
  ///
  /// Source: Schönemann (1966), Psychometrika 31, 1–10.
  public static func procrustes(_ a: Matrix, target b: Matrix) throws(NumericsError) -> Matrix {
    let parts = try SingularValues(a.transposedTimes(b))
    return parts.left * parts.rightTransposed
  }
}
