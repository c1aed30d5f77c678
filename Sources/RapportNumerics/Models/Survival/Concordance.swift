/// How often, of two rows that can be compared, the one with the larger predicted hazard has its event first.
///
///     C = (concordant + tied prediction / 2) / (concordant + discordant + tied prediction)
///
/// Two rows can be compared where one has its event while the other is at risk and stays (one censored at that time
/// stays); only within strata. Pairs count the product of their weights. The standard error is the infinitesimal
/// jackknife's: how C changes with each row's weight, summed by cluster. Conventions are those of R's `concordance`.
///
/// Source: Harrell, Califf, Pryor, Lee & Rosati (1982); Therneau & Watson (2015).
public struct Concordance: Sendable, Equatable, Codable {
  /// Pairs in which the larger hazard came first.
  public let concordant: Double
  /// Pairs in which it came last.
  public let discordant: Double
  /// Pairs with one hazard.
  public let tiedPrediction: Double
  /// Pairs of events at one time with different hazards; not compared.
  public let tiedTime: Double
  /// Pairs of events at one time with one hazard; not compared.
  public let tiedBoth: Double
  /// C; ½ for guesses. `nil` without pairs.
  public let value: Double?
  /// Its standard error.
  public let standardError: Double?
}

/// Σ over a range of ranks, in O(log n).
private struct RankSums {
  private var tree: [Double]

  init(count: Int) { tree = [Double](repeating: 0, count: count + 1) }

  /// Adds to one rank.
  mutating func add(_ value: Double, at rank: Int) {
    var i = rank + 1
    while i < tree.count {
      tree[i] += value
      i += i & -i
    }
  }

  /// The sum over ranks below this one.
  func below(_ rank: Int) -> Double {
    var sum = 0.0
    var i = rank
    while i > 0 {
      sum += tree[i]
      i -= i & -i
    }
    return sum
  }
}

/// Pairs of some strata, and each place's part in them.
private struct PairCounts: Sendable {
  /// Concordant, discordant, tied prediction, tied time, tied both.
  var totals = [Double](repeating: 0, count: 5)
  /// By place, three numbers each: the weights of its partners in concordant, discordant and tied pairs.
  var parts: [Double] = []
}

extension CoxFit {
  /// How well the model's linear predictor orders the events.
  ///
  /// - Complexity: O(rows log rows)
  public func concordance() -> Concordance { concordance(scaledCoefficients, extra: nil) }

  /// - Parameters:
  ///   - beta: coefficients in the scale of the sweep's columns
  ///   - extra: what is added to the log hazard, by place
  func concordance(_ beta: [Double], extra: [Double]?) -> Concordance {
    let sets = sweep.sets
    let counted = parallelMap(count: sets.blocks.count, threads: threads) { block in
      var counts = PairCounts()
      for stratum in sets.blocks[block] { count(sets.strata[stratum], beta, extra, &counts) }
      return counts
    }
    var totals = [Double](repeating: 0, count: 5)
    for part in counted {
      for k in 0..<5 { totals[k] += part.totals[k] }
    }
    let pairs = totals[0] + totals[1] + totals[2]
    guard pairs > 0 else {
      return Concordance(
        concordant: 0, discordant: 0, tiedPrediction: 0, tiedTime: totals[3], tiedBoth: totals[4], value: nil,
        standardError: nil)
    }
    // The influence of a place's weight on C, half that on (concordant − discordant)/pairs.
    let excess = (totals[0] - totals[1]) / pairs
    var byCluster: [Int32: Double] = [:]
    var order: [Int32] = []
    var variance = 0.0
    var place = 0
    for part in counted {
      for k in stride(from: 0, to: part.parts.count, by: 3) {
        let (c, d, t) = (part.parts[k], part.parts[k + 1], part.parts[k + 2])
        let influence = 0.5 * sets.weights[place] * (c - d - excess * (c + d + t)) / pairs
        if let clusters = data.clusters {
          let cluster = clusters[Int(sets.rows[place])]
          if byCluster[cluster] == nil { order.append(cluster) }
          byCluster[cluster, default: 0] += influence
        } else {
          variance += influence * influence
        }
        place += 1
      }
    }
    for cluster in order { variance += byCluster[cluster]! * byCluster[cluster]! }
    return Concordance(
      concordant: totals[0], discordant: totals[1], tiedPrediction: totals[2], tiedTime: totals[3],
      tiedBoth: totals[4], value: (totals[0] + totals[2] / 2) / pairs, standardError: variance.squareRoot())
  }

  /// Counts one stratum's pairs.
  private func count(
    _ stratum: CoxRiskSets.Stratum, _ beta: [Double], _ extra: [Double]?, _ counts: inout PairCounts
  ) {
    let sets = sweep.sets
    let p = beta.count
    let start = stratum.places.lowerBound
    let offset = counts.parts.count
    counts.parts.append(contentsOf: repeatElement(0, count: 3 * stratum.places.count))
    let predictors = stratum.places.map { place in
      (0..<p).reduce(sets.offsets[place] + (extra?[place] ?? 0)) {
        $0 + sweep.columns.values[place * p + $1] * beta[$1]
      }
    }
    let distinct = Self.distinct(predictors)
    let ranks = predictors.map { distinct.countBelow($0) }

    // Backwards in time: each event against those at risk.
    var atRisk = RankSums(count: distinct.count)
    var total = 0.0
    var position = start
    var removal = stratum.removals.lowerBound
    for step in stratum.steps {
      let events = Int(sets.eventStart[step])..<Int(sets.eventEnd[step])
      while position < events.lowerBound {
        atRisk.add(sets.weights[position], at: ranks[position - start])
        total += sets.weights[position]
        position += 1
      }
      while removal < Int(sets.removalEnd[step]) {
        let place = Int(sets.removals[removal])
        atRisk.add(-sets.weights[place], at: ranks[place - start])
        total -= sets.weights[place]
        removal += 1
      }
      var tiedWeights: [Int: (sum: Double, squares: Double)] = [:]
      var (sum, squares) = (0.0, 0.0)
      for place in events {
        let (w, rank) = (sets.weights[place], ranks[place - start])
        let below = atRisk.below(rank)
        let through = atRisk.below(rank + 1)
        let part = offset + 3 * (place - start)
        counts.parts[part] += below
        counts.parts[part + 1] += total - through
        counts.parts[part + 2] += through - below
        counts.totals[0] += w * below
        counts.totals[1] += w * (total - through)
        counts.totals[2] += w * (through - below)
        let before = tiedWeights[rank] ?? (0, 0)
        tiedWeights[rank] = (before.sum + w, before.squares + w * w)
        sum += w
        squares += w * w
      }
      if events.count > 1 {
        // Σ_{i<j} w_i w_j = ((Σ w)² − Σ w²)/2, by hazard and in all.
        var both = 0.0
        for rank in tiedWeights.keys.sorted() {
          let tied = tiedWeights[rank]!
          both += 0.5 * (tied.sum * tied.sum - tied.squares)
        }
        counts.totals[4] += both
        counts.totals[3] += 0.5 * (sum * sum - squares) - both
      }
    }

    // The same again, each place at risk against the events of its steps: those before its last less those before its
    // first, an event's own step left out.
    var passed = RankSums(count: distinct.count)
    var passedTotal = 0.0
    func take(_ place: Int, sign: Double) {
      let rank = ranks[place - start]
      let below = passed.below(rank)
      let through = passed.below(rank + 1)
      let part = offset + 3 * (place - start)
      // An event with a larger hazard than the one that stayed is concordant.
      counts.parts[part] += sign * (passedTotal - through)
      counts.parts[part + 1] += sign * below
      counts.parts[part + 2] += sign * (through - below)
    }
    position = start
    removal = stratum.removals.lowerBound
    for step in stratum.steps {
      let events = Int(sets.eventStart[step])..<Int(sets.eventEnd[step])
      while position < events.lowerBound {
        take(position, sign: -1)
        position += 1
      }
      while removal < Int(sets.removalEnd[step]) {
        take(Int(sets.removals[removal]), sign: 1)
        removal += 1
      }
      for place in events {
        passed.add(sets.weights[place], at: ranks[place - start])
        passedTotal += sets.weights[place]
      }
      for place in events { take(place, sign: -1) }
      position = events.upperBound
    }
    for place in stratum.places where Int(sets.last[place]) == stratum.steps.upperBound { take(place, sign: 1) }
  }

  private static func distinct(_ values: [Double]) -> [Double] {
    var result: [Double] = []
    for value in values.sorted() where result.last != value { result.append(value) }
    return result
  }
}
