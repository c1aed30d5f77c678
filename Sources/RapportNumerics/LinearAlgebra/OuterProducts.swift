/// Σ v vᵀ, gathered so that BLAS takes many vectors at once.
///
/// A product of two vectors is bound by memory; a `dsyrk` of 64 of them runs in the cache.
struct OuterProducts {
  /// The sum of what has been multiplied, lower triangle; of all vectors after ``finish(order:)``.
  var sum: Matrix

  private var hand: Matrix
  private var held = 0

  /// So many vectors are multiplied at once.
  private static let batch = 64

  /// - Parameter length: entries of a vector, at most
  init(length: Int) {
    sum = Matrix(rows: length, columns: length)
    hand = Matrix(rows: length, columns: Self.batch)
  }

  /// Adds a multiple of a vector's product with itself.
  ///
  /// - Parameters:
  ///   - vector: as many entries as ``sum`` has rows
  ///   - root: the vector is multiplied by it, its product by its square
  ///   - order: so many entries may differ from zero since the last product, the first ones
  mutating func add(_ vector: UnsafeBufferPointer<Double>, times root: Double, order: Int) {
    let length = hand.rows
    precondition(vector.count == length, "\(vector.count) entries, expected \(length)")
    let start = held * length
    hand.elements.withUnsafeMutableBufferPointer { to in
      for i in 0..<length { to[start + i] = root * vector[i] }
    }
    held += 1
    if held == Self.batch { finish(order: order) }
  }

  /// Multiplies the vectors in hand.
  mutating func finish(order: Int) {
    LAPACK.addOuterProducts(hand, columns: held, order: order, scale: 1, to: &sum)
    held = 0
  }
}
