/// N, the hazards at risk summed by level, and Σ of products of its changes with it.
///
/// Levels have slots in the order in which a stratum meets them, so that those met so far are the first. All buffers
/// stay from stratum to stratum.
struct CoxLevelSums {
  /// By place: its levels, so many, and its hazard.
  private let levels: [Int32]
  private let groupCount: Int
  private let hazards: [Double]
  /// By level: its slot in this stratum; −1: none.
  private var slots: [Int32]
  /// By slot: its level.
  private var members: [Int32] = []
  /// How many slots have been met.
  private var met = 0
  /// By slot: N in doubled precision and rounded, and how many places it is summed from.
  private var exact: [Doubled]
  private var n: [Double]
  private var counts: [Int32]
  /// A square matrix of which the sum with its transpose is wanted; column-major.
  private var halves: [Double] = []
  /// One change: its slots, and by slot what is added.
  private var changed: [Int] = []
  private var change: [Double]
  private var isChanged: [Bool]

  init(levels: [Int32], groupCount: Int, levelCount: Int, hazards: [Double]) {
    self.levels = levels
    self.groupCount = groupCount
    self.hazards = hazards
    slots = [Int32](repeating: -1, count: levelCount)
    exact = [Doubled](repeating: .zero, count: levelCount)
    n = [Double](repeating: 0, count: levelCount)
    counts = [Int32](repeating: 0, count: levelCount)
    change = n
    isChanged = [Bool](repeating: false, count: levelCount)
  }

  /// Starts a stratum of these places.
  mutating func begin(_ places: Range<Int>) {
    for (slot, level) in members.enumerated() {
      slots[Int(level)] = -1
      (exact[slot], n[slot], counts[slot]) = (.zero, 0, 0)
    }
    members.removeAll(keepingCapacity: true)
    for k in places.lowerBound * groupCount..<places.upperBound * groupCount where slots[Int(levels[k])] < 0 {
      slots[Int(levels[k])] = Int32(members.count)
      members.append(levels[k])
    }
    met = 0
    halves.removeAll(keepingCapacity: true)
    halves.append(contentsOf: repeatElement(0, count: members.count * members.count))
  }

  /// Adds places to N, and `crossed` (δ Nᵀ + N δᵀ) + `squared` δ δᵀ to the products.
  mutating func join(_ places: Range<Int>, crossed: Double, squared: Double) {
    gather(places, sign: 1)
    addProducts(crossed: crossed, squared: squared)
    for place in places {
      for k in 0..<groupCount {
        let slot = slot(place, k)
        counts[slot] += 1
        exact[slot] = exact[slot] + Doubled(hazards[place])
      }
    }
    settle()
  }

  /// Takes places off N, and adds `factor` times what N Nᵀ gains.
  mutating func leave(_ places: ArraySlice<Int32>, times factor: Double) {
    gather(places.lazy.map(Int.init), sign: -1)
    addProducts(crossed: factor, squared: factor)
    for place in places.lazy.map(Int.init) {
      for k in 0..<groupCount {
        let slot = slot(place, k)
        counts[slot] -= 1
        // Of nobody, exactly nothing is left.
        exact[slot] = counts[slot] == 0 ? .zero : exact[slot] - Doubled(hazards[place])
      }
    }
    settle()
  }

  /// Adds a multiple of N Nᵀ.
  mutating func addSquare(times factor: Double) {
    for slot in 0..<met where n[slot] != 0 { addN(times: 0.5 * factor * n[slot], to: slot) }
  }

  /// Takes the products off a matrix of all levels, lower triangle.
  func subtract(from result: inout Matrix) {
    let count = members.count
    for j in 0..<count {
      for i in j..<count {
        let (a, b) = (Int(members[i]), Int(members[j]))
        result[max(a, b), min(a, b)] -= halves[i + j * count] + halves[j + i * count]
      }
    }
  }

  @inline(__always)
  private func slot(_ place: Int, _ group: Int) -> Int { Int(slots[Int(levels[place * groupCount + group])]) }

  private mutating func gather(_ places: some Sequence<Int>, sign: Double) {
    for place in places {
      for k in 0..<groupCount {
        let slot = slot(place, k)
        if !isChanged[slot] {
          isChanged[slot] = true
          changed.append(slot)
        }
        change[slot] += sign * hazards[place]
      }
    }
  }

  private mutating func addProducts(crossed: Double, squared: Double) {
    if crossed == 0 && squared == 0 { return }
    let count = members.count
    for slot in changed {
      addN(times: crossed * change[slot], to: slot)
      let f = 0.5 * squared * change[slot]
      for other in changed { halves[other + slot * count] += f * change[other] }
    }
  }

  /// Ends a change.
  private mutating func settle() {
    for slot in changed {
      n[slot] = exact[slot].high
      (change[slot], isChanged[slot]) = (0, false)
      met = max(met, slot + 1)
    }
    changed.removeAll(keepingCapacity: true)
  }

  /// Adds a multiple of N to a slot's column.
  private mutating func addN(times factor: Double, to slot: Int) {
    let (count, met) = (members.count, met)
    halves.withUnsafeMutableBufferPointer { halves in
      n.withUnsafeBufferPointer { n in
        for other in 0..<met { halves[slot * count + other] += factor * n[other] }
      }
    }
  }
}
