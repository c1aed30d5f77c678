import Glibc

extension RandomStream {
  /// A standard normal draw, by inversion: one uniform each.
  public mutating func normal() -> Double { NormalInversion.quantile(uniform()) }

  /// A normal draw.
  public mutating func normal(mean: Double, standardDeviation: Double) -> Double {
    mean + standardDeviation * normal()
  }

  /// An exponential draw with this rate.
  public mutating func exponential(rate: Double = 1) -> Double {
    precondition(rate > 0, "rate is \(rate), expected above 0")
    return -log(uniform()) / rate
  }

  /// A gamma draw; of many with one shape, ``GammaDraws`` are faster.
  public mutating func gamma(shape: Double, rate: Double = 1) -> Double {
    GammaDraws(shape: shape).draw(&self, rate: rate)
  }

  /// A beta draw, strictly between 0 and 1 as far as doubles reach; of many with the same shapes, ``BetaDraws`` are faster.
  public mutating func beta(_ a: Double, _ b: Double) -> Double { BetaDraws(a, b).draw(&self) }

  /// Successes in independent trials, exact for any number of them.
  ///
  /// Large numbers are halved by an order statistic of uniforms, which is a beta draw. Source: Ahrens & Dieter (1974),
  /// Computer methods for sampling from gamma, beta, Poisson and binomial distributions.
  /// - Complexity: O(log n)
  public mutating func binomial(trials: Int, probability: Double) -> Int {
    precondition(trials >= 0, "\(trials) trials")
    checkProbability(probability)
    var n = trials
    var p = probability
    var count = 0
    while n > 20 && p > 0 && p < 1 {
      let middle = n / 2 + 1
      let x = beta(Double(middle), Double(n + 1 - middle))
      if x <= p {
        count += middle
        n -= middle
        p = ((p - x) / (1 - x)).clamped(to: 0...1)
      } else {
        n = middle - 1
        p = (p / x).clamped(to: 0...1)
      }
    }
    if p >= 1 { return count + n }
    if p <= 0 { return count }
    for _ in 0..<n where uniform() < p { count += 1 }
    return count
  }

  /// A Poisson draw, exact for any mean.
  ///
  /// Large means are cut by a gamma draw, the time of the n-th event. Source: Ahrens & Dieter (1974).
  /// - Complexity: O(log mean)
  public mutating func poisson(mean: Double) -> Int {
    precondition(mean >= 0 && mean.isFinite, "mean is \(mean), expected 0 or more")
    var remaining = mean
    var count = 0
    while remaining > 15 {
      let n = Int(remaining * 0.875)
      let x = gamma(shape: Double(n))
      if x > remaining { return count + binomial(trials: n - 1, probability: remaining / x) }
      count += n
      remaining -= x
    }
    var time = exponential()
    while time <= remaining {
      count += 1
      time += exponential()
    }
    return count
  }

  /// The index of a category drawn with these weights.
  public mutating func category(weights: [Double]) -> Int {
    var total = 0.0
    for weight in weights { total += weight }
    precondition(total > 0, "all weights are zero")
    var target = uniform() * total
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      last = index
      if target < weight { return index }
      target -= weight
    }
    return last
  }

  /// Brings elements into random order, each order equally often: Fisher and Yates' shuffle from the left, four places to a
  /// draw of 64 bits where these are enough.
  ///
  ///     r = j / 2⁶⁴        ⌊r n₁⌋, then ⌊frac(r n₁) n₂⌋, …        drawn again where the last fraction is below
  ///                                                               2⁶⁴ mod n₁ n₂ n₃ n₄
  ///
  /// Source: Brackett-Rozinsky & Lemire (2024), Batched ranged random integer generation.
  /// - Parameters:
  ///   - elements: to be shuffled
  ///   - range: these of them
  @inlinable public mutating func shuffle<Element>(_ elements: inout [Element], in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= elements.count, "\(range) of \(elements.count)")
    var place = range.lowerBound
    elements.withUnsafeMutableBufferPointer { elements in
      // Below 2¹⁴ the product of four counts leaves 8 bits, and next to nothing is drawn again.
      shuffleFarPlaces(elements, &place, range.upperBound, nearest: 1 << 14)
      while place < range.upperBound - 1 {
        let left = range.upperBound - place
        guard left > 4 else {
          elements.swapAt(place, place + integer(below: left))
          place += 1
          continue
        }
        let offsets = fourIntegers(below: UInt64(left))
        elements.swapAt(place, place + offsets.0)
        elements.swapAt(place + 1, place + 1 + offsets.1)
        elements.swapAt(place + 2, place + 2 + offsets.2)
        elements.swapAt(place + 3, place + 3 + offsets.3)
        place += 4
      }
    }
  }

  /// Draws what comes to each place from `place` on, as long as `nearest` or more are left: as ``integer(below:)`` does, a word
  /// a place, but many words at a time, so that nobody waits for the memory of one after the other.
  @inlinable mutating func shuffleFarPlaces<Element>(
    _ elements: UnsafeMutableBufferPointer<Element>, _ place: inout Int, _ end: Int, nearest: Int
  ) {
    guard end - place >= nearest else { return }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { words in
      while end - place >= nearest {
        let words = UnsafeMutableBufferPointer(rebasing: words[..<min(words.count, end - place - nearest + 1)])
        fill(words)
        var count = 0
        for word in words {
          let left = UInt64(end - place - count)
          let product = word.multipliedFullWidth(by: left)
          // Drawn again, seldom: the next word stands in.
          if product.low < left, product.low < (0 &- left) % left { continue }
          words[count] = product.high
          count += 1
        }
        for offset in words[..<count] {
          elements.swapAt(place, place + Int(offset))
          place += 1
        }
      }
    }
  }

  /// One each of 0 ..< n, 0 ..< n − 1, 0 ..< n − 2 and 0 ..< n − 3, for n (n − 1)(n − 2)(n − 3) < 2⁶⁴.
  @inlinable mutating func fourIntegers(below n: UInt64) -> (Int, Int, Int, Int) {
    let product = n * (n - 1) * (n - 2) * (n - 3)
    while true {
      let first = next().multipliedFullWidth(by: n)
      let second = first.low.multipliedFullWidth(by: n - 1)
      let third = second.low.multipliedFullWidth(by: n - 2)
      let fourth = third.low.multipliedFullWidth(by: n - 3)
      if fourth.low >= product || fourth.low >= (0 &- product) % product {
        return (Int(first.high), Int(second.high), Int(third.high), Int(fourth.high))
      }
    }
  }
}
