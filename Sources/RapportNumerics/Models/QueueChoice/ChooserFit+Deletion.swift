import Glibc

extension ChooserFit {
  /// What units' effects would be without the one item that does most to set each apart from a value.
  ///
  ///     û₋ᵢ = arg max Σ w (y δ − log(a e^δ + q)) − (û + δ)²/2τ²        û + δ
  ///
  /// y: whether one of the unit's items was picked; a: what its items' chances in a set add up to, item i's left out; q: the others';
  /// sets that i was picked from are left out. Columns and the other units' effects stay where they are.
  ///
  /// An item that waits stands in one set after the other, and whatever makes it wait that no column tells does so in all of
  /// them: these sets say one thing, not many. Where others are picked by a strict rule the rest says next to nothing, and one
  /// item makes the effect. Source: Cook & Weisberg (1982), Residuals and Influence in Regression, §5; deleting whole
  /// clusters as in Efron (1982), The Jackknife, §3.
  ///
  /// Which item that is is told by a first Newton step; the few that come first are left out in earnest. Items without which an
  /// effect would lie further from the value speak against it being set apart, and take nothing from it.
  ///
  /// - Parameters:
  ///   - asked: units, each once.
  ///   - value: what effects are held against.
  ///   - sets: what this was fitted with.
  ///   - unitVariance: τ², likewise.
  /// - Returns: by unit asked for; `nil` where no item of it, beside another unit's, sets it apart.
  /// - Complexity: O(alternatives) twice, and some tens of passes through the sets that a unit stands in.
  public func withoutOneItem(
    of asked: [Int], against value: Double, _ sets: ChoiceSets, unitVariance: Double
  ) -> [Double?] {
    var places = [Int](repeating: -1, count: sets.unitCount)
    for (place, unit) in asked.enumerated() { places[unit] = place }
    let shares = sets.probabilities(units: units, columns: columns)
    var stands = [UnitStand](repeating: UnitStand(), count: asked.count)
    var influences = [Double](repeating: 0, count: sets.itemUnits.count)
    // What the chances of each asked unit's items add up to in the set that is looked at.
    var mine = [Double](repeating: 0, count: asked.count)
    var present: [Int] = []
    for set in 0..<sets.count {
      let own = sets.starts[set]..<sets.starts[set + 1]
      let weight = regularities.isEmpty ? 1 : regularities[set]
      present.removeAll(keepingCapacity: true)
      var total = 0.0
      for r in own {
        total += shares[r]
        let place = places[sets.unit(r)]
        guard place >= 0 else { continue }
        if mine[place] == 0 { present.append(place) }
        // A chance that rounds to nothing still says that the unit is there.
        mine[place] += max(shares[r], .leastNonzeroMagnitude)
      }
      let picked = places[sets.unit(own.lowerBound)]
      for place in present {
        // Of one who has nearly all chances a difference would leave nothing but rounding.
        let others =
          mine[place] < 0.5 * total ? total - mine[place] : Self.others(own, sets, shares, than: asked[place])
        if others > 0 {
          stands[place].add(
            set: set, mine: mine[place], others: others, weight: picked == place ? weight : -weight)
        }
      }
      for r in own {
        let (item, place) = (Int(sets.items[r]), places[sets.unit(r)])
        guard place >= 0, let others = stands[place].others(in: set) else { continue }
        // What the set adds to the slope, less what it would without the item.
        influences[item] +=
          picked == place && r == own.lowerBound
          ? weight * others
          : -weight * (mine[place] - (mine[place] - shares[r]) / (1 - shares[r] + .leastNormalMagnitude))
      }
      for place in present { mine[place] = 0 }
    }
    var items = [[Int]](repeating: [], count: asked.count)
    for (item, unit) in sets.itemUnits.enumerated() where places[Int(unit)] >= 0 {
      let place = places[Int(unit)]
      // Which way the effect lies.
      let sign: Double = units[Int(unit)] < value ? -1 : 1
      guard sign * influences[item] > 0 else { continue }
      items[place].append(item)
      items[place].sort { (abs(influences[$0]), $1) > (abs(influences[$1]), $0) }
      if items[place].count > Self.mostDeleted { items[place].removeLast() }
    }
    return asked.indices.map { place in
      let unit = asked[place]
      let ends = items[place].map { item in
        stands[place].without(item, sets, shares, from: units[unit], variance: unitVariance)
      }
      return units[unit] < value ? ends.max() : ends.min()
    }
  }

  /// So many items are left out in earnest, one at a time.
  private static let mostDeleted = 4

  /// What the chances of all but one unit in a set add up to.
  private static func others(_ own: Range<Int>, _ sets: ChoiceSets, _ shares: [Double], than unit: Int) -> Double {
    own.reduce(0) { sets.unit($1) == unit ? $0 : $0 + shares[$1] }
  }
}

/// The sets that one unit stands in beside others.
private struct UnitStand {
  private var sets: [Int] = []
  /// By set: what the unit's chances add up to, the others', and the set's weight, negative where another was picked.
  private var mine: [Double] = []
  private var others: [Double] = []
  private var weights: [Double] = []

  mutating func add(set: Int, mine: Double, others: Double, weight: Double) {
    sets.append(set)
    self.mine.append(mine)
    self.others.append(others)
    weights.append(weight)
  }

  /// The others' chances in a set, if that is the last that was added.
  func others(in set: Int) -> Double? { sets.last == set ? others.last : nil }

  /// The unit's effect where an item is left out.
  func without(_ item: Int, _ all: ChoiceSets, _ shares: [Double], from effect: Double, variance: Double) -> Double {
    var rest = self
    for (index, set) in sets.enumerated() {
      let own = all.starts[set]..<all.starts[set + 1]
      guard let r = own.first(where: { Int(all.items[$0]) == item }) else { continue }
      if r == own.lowerBound {
        rest.weights[index] = 0
      } else {
        let unit = all.unit(r)
        rest.mine[index] = own.reduce(0) { $1 != r && all.unit($1) == unit ? $0 + shares[$1] : $0 }
      }
    }
    return rest.maximum(from: effect, variance: variance)
  }

  /// Newton's method on a concave likelihood, with steps of two at most.
  private func maximum(from effect: Double, variance: Double) -> Double {
    var change = 0.0
    for _ in 0..<100 {
      let odds = exp(change)
      var slope = -(effect + change) / variance
      var curvature = 1 / variance
      for index in sets.indices {
        let raised = mine[index] * odds
        let chance = raised / (raised + others[index])
        let weight = abs(weights[index])
        slope += (weights[index] > 0 ? weight : 0) - weight * chance
        curvature += weight * chance * (1 - chance)
      }
      let step = max(-2, min(2, slope / curvature))
      change += step
      if abs(step) < 1e-6 { break }
    }
    return effect + change
  }
}
