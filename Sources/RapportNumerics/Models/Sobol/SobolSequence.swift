/// Points that fill the unit cube evenly: Sobol's low-discrepancy sequence, plain or randomized.
///
///     x_n = ⊕ V_k over the bits k of n ⊕ ⌊n/2⌋        V_k = m_k / 2^k
///
/// Take 2^m points from the first on; other numbers, or leaving the first out, spoil the balance. Randomized, each
/// coordinate's digits go through a random lower triangular matrix and a random shift: every point is then uniform on the
/// open cube, all of them together are as even as before, and independent seeds or replicates tell the error.
///
/// Source: Joe & Kuo (2008) for the m_k, Gray code by Antonov & Saleev (1979); Matoušek (1998), On the L²-discrepancy for
/// anchored boxes, for randomizing; Owen (2020), On dropping the first Sobol' point.
public struct SobolSequence: Sendable {
  /// The most coordinates that the table of direction numbers reaches.
  public static let largestDimension = SobolDirections.table.count + 1
  /// The number of points after which the sequence repeats.
  public static let period = 1 << indexBits

  /// Coordinates of a point.
  public let dimensions: Int
  /// V_k as digits of 2⁻¹ … 2⁻⁵², k ascending within a coordinate.
  private let directions: [UInt64]
  /// What is added to each coordinate's digits.
  private let shifts: [UInt64]
  /// Half a unit of the last digit where randomized, so that no coordinate is 0.
  private let offset: Double

  private static let indexBits = 32
  private static let digits = 52

  /// The sequence.
  ///
  /// - Parameters:
  ///   - dimensions: 1 … 64.
  ///   - seed: randomizes; `nil` for the plain sequence, whose first point is the origin.
  ///   - replicate: independent randomizations under one seed.
  public init(dimensions: Int, seed: UInt64? = nil, replicate: Int = 0) {
    precondition(
      dimensions >= 1 && dimensions <= Self.largestDimension,
      "\(dimensions) dimensions, expected 1 … \(Self.largestDimension)")
    self.dimensions = dimensions
    var directions = (0..<dimensions).flatMap(Self.plainDirections)
    var shifts = [UInt64](repeating: 0, count: dimensions)
    if let seed {
      var stream = RandomStream(seed: seed, purpose: "Sobol sequence", unit: UInt64(replicate))
      for j in 0..<dimensions {
        let matrix = Self.randomTriangle(&stream)
        for k in (j * Self.indexBits)..<((j + 1) * Self.indexBits) {
          directions[k] = Self.multiply(matrix, directions[k])
        }
        shifts[j] = stream.next() >> UInt64(64 - Self.digits)
      }
    }
    self.directions = directions
    self.shifts = shifts
    offset = seed == nil ? 0 : 0.5
  }

  /// The point at this index, 0 ..< ``period``.
  public func point(_ index: Int) -> [Double] {
    precondition(index >= 0 && index < Self.period, "index \(index), expected 0 ..< \(Self.period)")
    let gray = index ^ (index >> 1)
    return (0..<dimensions).map { j in
      var digits = shifts[j]
      var rest = gray
      while rest != 0 {
        digits ^= directions[j * Self.indexBits + rest.trailingZeroBitCount]
        rest &= rest - 1
      }
      return (Double(digits) + offset) * 0x1p-52
    }
  }

  /// V_1 … V_32 of a coordinate. With a polynomial x^s + a₁ x^(s−1) + … + 1,
  ///
  ///     m_k = 2 a₁ m_{k−1} ⊕ 2² a₂ m_{k−2} ⊕ … ⊕ 2^s m_{k−s} ⊕ m_{k−s}
  private static func plainDirections(_ coordinate: Int) -> [UInt64] {
    var m = [UInt64](repeating: 1, count: indexBits)
    if coordinate > 0 {
      let row = SobolDirections.table[coordinate - 1]
      let degree = row.count - 1
      for k in 0..<indexBits {
        if k < degree {
          m[k] = row[k + 1]
          continue
        }
        m[k] = m[k - degree]
        for i in 1...degree where (row[0] >> UInt64(degree - i)) & 1 == 1 { m[k] ^= m[k - i] << UInt64(i) }
      }
    }
    return m.enumerated().map { k, m in m << UInt64(digits - k - 1) }
  }

  /// Rows of a lower triangular matrix over two elements with ones on its diagonal; the first digit is the highest bit.
  private static func randomTriangle(_ stream: inout RandomStream) -> [UInt64] {
    (0..<digits).map { i in
      let diagonal: UInt64 = 1 << UInt64(digits - 1 - i)
      // Bits above the diagonal's, up to the first digit.
      let before: UInt64 = (1 << UInt64(digits)) - 2 * diagonal
      return diagonal | (stream.next() & before)
    }
  }

  private static func multiply(_ matrix: [UInt64], _ digits: UInt64) -> UInt64 {
    var result: UInt64 = 0
    for row in matrix { result = result << 1 | UInt64((row & digits).nonzeroBitCount & 1) }
    return result
  }
}
