import Glibc

/// The covariates in the order of the risk sets, centred by stratum and scaled by powers of two.
///
/// Comparisons within a stratum don't notice a shift, and centred numbers lose the fewest digits; a power of two costs
/// none.
struct CoxColumns: Sendable {
  /// Positions in the design of the columns that are kept, ascending.
  private(set) var kept: [Int]
  /// Positions of the others.
  private(set) var dropped: [Int] = []
  /// Of these, those that are the same throughout each risk set.
  private(set) var unvarying: [Int] = []
  /// What each kept column was divided by.
  private(set) var scales: [Double]
  /// What was subtracted, before scaling: for each stratum a number per kept column.
  private(set) var centres: [Double]
  /// Row-major, a row per place.
  private(set) var values: [Double]
  /// By place, the first of its stratum whose covariates are known to be the same; itself where none is.
  private(set) var alike: [Int32]

  /// How many columns are kept.
  var count: Int { kept.count }

  /// All columns of a design.
  init(_ design: DesignMatrix, _ sets: CoxRiskSets) {
    let p = design.names.count
    let places = sets.rows.count
    var values = [Double](repeating: 0, count: places * p)
    var centres = [Double](repeating: 0, count: sets.strata.count * p)
    var squares = [Double](repeating: 0, count: p)
    var total = 0.0
    for (index, stratum) in sets.strata.enumerated() {
      var weight = 0.0
      var sums = [Double](repeating: 0, count: p)
      for place in stratum.places {
        let row = Int(sets.rows[place])
        weight += sets.weights[place]
        for k in design.starts[row]..<design.starts[row + 1] {
          values[place * p + Int(design.columns[k])] = design.values[k]
          sums[Int(design.columns[k])] += sets.weights[place] * design.values[k]
        }
      }
      for j in 0..<p { centres[index * p + j] = sums[j] / weight }
      for place in stratum.places {
        for j in 0..<p { values[place * p + j] -= centres[index * p + j] }
      }
      total += weight
    }
    // First by the largest, so that squares can be summed; then to a mean square between 1 and 4.
    var scales = [Double](repeating: 0, count: p)
    for place in 0..<places {
      for j in 0..<p { scales[j] = max(scales[j], abs(values[place * p + j])) }
    }
    scales = scales.map(Self.powerOfTwo)
    for place in 0..<places {
      for j in 0..<p {
        let x = values[place * p + j] / scales[j]
        squares[j] += sets.weights[place] * x * x
      }
    }
    for j in 0..<p { scales[j] *= Self.powerOfTwo((squares[j] / total).squareRoot()) }
    for place in 0..<places {
      for j in 0..<p { values[place * p + j] /= scales[j] }
    }
    kept = Array(0..<p)
    alike = Self.alike(design, sets)
    self.values = values
    self.scales = scales
    self.centres = centres
  }

  /// Finds rows that are the same by a number made of their entries; two that have it in common and differ aren't taken for the
  /// same.
  private static func alike(_ design: DesignMatrix, _ sets: CoxRiskSets) -> [Int32] {
    func entries(_ place: Int) -> Range<Int> {
      let row = Int(sets.rows[place])
      return design.starts[row]..<design.starts[row + 1]
    }
    var result = sets.rows.indices.map { Int32($0) }
    var known: [UInt64: Int32] = [:]
    for stratum in sets.strata {
      known.removeAll(keepingCapacity: true)
      for place in stratum.places {
        let own = entries(place)
        var code: UInt64 = 0
        for k in own {
          code = (code ^ UInt64(truncatingIfNeeded: design.columns[k])) &* 0x9E37_79B9_7F4A_7C15
          code = (code ^ design.values[k].bitPattern) &* 0xBF58_476D_1CE4_E5B9
        }
        guard let first = known[code] else {
          known[code] = Int32(place)
          continue
        }
        let other = entries(Int(first))
        if design.columns[own] == design.columns[other] && design.values[own] == design.values[other] {
          result[place] = first
        }
      }
    }
    return result
  }

  /// The largest power of two that isn't above x; 1 where there is none.
  private static func powerOfTwo(_ x: Double) -> Double { x > 0 && x.isFinite ? scalbn(1, Int32(ilogb(x))) : 1 }

  /// Leaves out columns that depend on those before them: those for which elimination, from left to right, leaves
  /// nothing of the information.
  ///
  /// What can't be told apart at β = 0 can't anywhere: x'd is constant in each risk set or it isn't.
  ///
  /// - Parameters: `information` at β = 0 of all columns, lower triangle; `events` it comes from, weighted.
  mutating func dropDependent(_ information: Matrix, events: Double) {
    var stay: [Int] = []
    var gone: [Int] = []
    var still: [Int] = []
    var factor: [[Double]] = []
    for i in kept.indices {
      let length = information[i, i]
      // Scaled columns have a mean square near one: below this, only rounding is left within risk sets.
      guard length > 1e-13 * events else {
        gone.append(i)
        still.append(i)
        continue
      }
      var row: [Double] = []
      var remainder = length
      for (k, j) in stay.enumerated() {
        var value = information[i, j]
        for m in 0..<k { value -= row[m] * factor[k][m] }
        value /= factor[k][k]
        row.append(value)
        remainder -= value * value
      }
      if remainder > 1e-11 * length {
        row.append(remainder.squareRoot())
        stay.append(i)
        factor.append(row)
      } else {
        gone.append(i)
      }
    }
    if gone.isEmpty { return }
    let p = kept.count
    func select(_ lines: [Double]) -> [Double] {
      var result: [Double] = []
      result.reserveCapacity(p == 0 ? 0 : lines.count / p * stay.count)
      for start in stride(from: 0, to: lines.count, by: p) {
        for j in stay { result.append(lines[start + j]) }
      }
      return result
    }
    values = select(values)
    centres = select(centres)
    scales = stay.map { scales[$0] }
    dropped = gone.map { kept[$0] }
    unvarying = still.map { kept[$0] }
    kept = stay.map { kept[$0] }
  }
}
