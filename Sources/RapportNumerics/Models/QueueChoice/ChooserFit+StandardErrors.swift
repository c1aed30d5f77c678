import Glibc

extension ChooserFit {
  /// The standard errors of units' effects that the likelihood gives, against a value that they might have.
  ///
  ///     |û − c| / √(2 (ℓ(û) − ℓ(c)))        ℓ(c): the maximum with u = c, the other units' level held
  ///
  /// Where a chooser works by a nearly strict rule the likelihood is far from quadratic, and the error from its curvature
  /// much too small. Source: Hauck & Donner (1977), Wald's test as applied to hypotheses in logit analysis.
  ///
  /// How far from quadratic it is, a part of many sets tells: the fall of ℓ there over the quadratic one, times the quadratic fall
  /// in all sets. Both falls of the part are taken as the model expects picks, and share what is chance in which sets
  /// these are.
  ///
  /// - Parameters: `sets`, `prior`, `unitVariance`: what this was fitted with.
  /// - Returns: by unit asked for; `nil` where the search didn't converge, the effect has that very value, or units are too many.
  /// - Complexity: some three passes through the sets, or a part of them, for every four units, and O(units³) once.
  public func standardErrors(
    of asked: [Int], against value: Double, _ sets: ChoiceSets, prior: CommonColumns, unitVariance: Double
  ) -> [Double?] {
    var errors = [Double?](repeating: nil, count: asked.count)
    guard sets.unitCount <= Self.largestDense, sets.unitCount > 1 else { return errors }
    let prior = ColumnPrior(means: prior.means, variances: prior.variances)
    var waiting = asked.indices.filter { units[asked[$0]] != value }
    if let step = sets.partStep(atMost: Self.mostStep), !waiting.isEmpty {
      let part = ChoiceProfile(self, sets, every: step, prior, unitVariance)
      let told = waiting.filter { part.tells(of: asked[$0], at: value) }
      for (place, error) in zip(told, part.errors(of: told.map { asked[$0] }, against: value)) { errors[place] = error }
      waiting.removeAll(where: Set(told).contains)
    }
    if waiting.isEmpty { return errors }
    let all = ChoiceProfile(self, sets, every: 1, prior, unitVariance)
    for (place, error) in zip(waiting, all.errors(of: waiting.map { asked[$0] }, against: value)) {
      errors[place] = error
    }
    return errors
  }

  /// A part is one set in so many at most.
  private static let mostStep = 32

  /// Likewise, from one set in so many, whatever it tells.
  func standardErrors(
    of asked: [Int], against value: Double, _ sets: ChoiceSets, every step: Int, prior: CommonColumns,
    unitVariance: Double
  ) -> [Double?] {
    ChoiceProfile(self, sets, every: step, ColumnPrior(means: prior.means, variances: prior.variances), unitVariance)
      .errors(of: asked, against: value)
  }
}

/// How far a chooser's penalized log likelihood falls if one unit's effect is held at a value.
///
/// From the maximum the others hardly move. So Newton's steps are taken with the curvature at the maximum, factored once for
/// all units, and four units share each pass for the slopes; only where a step gains little less than the one before is the
/// curvature taken anew. Source: Shamanskii (1967), A modification of Newton's method; Murphy & van der Vaart (2000), On
/// profile likelihood.
struct ChoiceProfile {
  private let fit: ChooserFit
  private let prior: ColumnPrior
  private let unitVariance: Double
  private let sets: ChoiceSets
  /// By set; empty for one each.
  private let weights: [Double]
  private let changes: ChoiceChanges
  /// The curvature at the maximum.
  private let arrow: Arrow
  /// One set in so many stands for all.
  private let step: Int
  /// What these sets know of each unit's effect, the others' and columns' given: Σ s (1 − s), s its chance of being picked.
  private let information: [Double]

  /// A search ends when a step would gain less, as a share of the fall. What it would gain is counted; what is left after
  /// it, a share of that as small again or little more, isn't.
  private static let tolerance = 1e-4
  /// A step is to gain less than this share of what the last one did.
  private static let progress = 0.25
  private static let mostPasses = 60

  /// A part tells of a unit when it knows as much as so many picks would at even chances, four times as many, and the curvature
  /// along the unit's effect is that of all sets, but for a factor of this. One who has nearly all the requests stands in every set, and
  /// all that is known lies in the few where somebody else does.
  private static let leastInformation = 20.0
  private static let curvatureFactor = 1.5

  /// - Parameter step: one set in so many stands for all.
  fileprivate init(_ fit: ChooserFit, _ all: ChoiceSets, every step: Int, _ prior: ColumnPrior, _ unitVariance: Double)
  {
    (self.fit, self.prior, self.unitVariance) = (fit, prior, unitVariance)
    sets = step > 1 ? all.every(step) : all
    weights = step > 1 ? all.weights(fit.regularities, every: step) : fit.regularities
    var changes = ChoiceChanges(sets, units: fit.units, columns: fit.columns, weights: weights)
    if step > 1 {
      // Picks of a part are by chance others than the model expects; at the maximum in all sets they are these.
      changes.balance(
        (0..<fit.units.count + fit.columns.count).map { k in
          let (away, variance) = Self.away(fit, prior, unitVariance, k)
          return away / variance
        })
    }
    self.changes = changes
    self.step = step
    let derivatives = ChoiceDerivatives(sets, units: fit.units, columns: fit.columns, weights: weights)
    // Weights of a part make it stand for all.
    information = derivatives.unitBlock.diagonal.map { $0 / Double(step) }
    arrow = Arrow(derivatives, prior: prior, unitVariance: unitVariance)
  }

  /// Whether these sets say enough of a unit.
  fileprivate func tells(of unit: Int, at value: Double) -> Bool {
    guard information[unit] >= Self.leastInformation else { return false }
    let ratio = Hold(unit, at: value, fit, arrow).curvature / fit.unitCurvatures[unit]
    return ratio >= 1 / Self.curvatureFactor && ratio <= Self.curvatureFactor
  }

  /// The error of each unit; `nil` where it has that very value, or the search didn't converge.
  fileprivate func errors(of asked: [Int], against value: Double) -> [Double?] {
    var errors = [Double?](repeating: nil, count: asked.count)
    let places = asked.indices.filter { fit.units[asked[$0]] != value }
    for (place, fall) in zip(places, falls(of: places.map { asked[$0] }, to: value)) {
      guard let fall, fall > 0 else { continue }
      let unit = asked[place]
      let scale = step > 1 ? fit.unitCurvatures[unit] / Hold(unit, at: value, fit, arrow).curvature : 1
      errors[place] = abs(fit.units[unit] - value) / (2 * fall * scale).squareRoot()
    }
    return errors
  }

  /// ℓ(û) − ℓ(c) by unit; `nil` where the search for ℓ(c) didn't converge.
  private func falls(of units: [Int], to value: Double) -> [Double?] {
    var falls = [Double?](repeating: nil, count: units.count)
    var waiting = units.indices.makeIterator()
    var courses: [Course] = []
    while true {
      while courses.count < ChoiceChanges.Lanes.scalarCount, let place = waiting.next() {
        courses.append(Course(place, hold: Hold(units[place], at: value, fit, arrow)))
      }
      if courses.isEmpty { return falls }
      var points = [ChoiceChanges.Lanes](repeating: .zero, count: sets.unitCount + sets.columnCount)
      for (lane, course) in courses.enumerated() {
        for (k, change) in course.proposal.enumerated() { points[k][lane] = change }
      }
      let found = changes.at(points)
      for lane in courses.indices {
        let proposal = courses[lane].proposal
        var (rise, slopes) = (found.values[lane], found.slopes.map { $0[lane] })
        addPrior(proposal, &rise, &slopes)
        courses[lane].go(rise: rise, slopes: slopes) { self.arrow(at: $0) }
        if courses[lane].hasArrived { falls[courses[lane].place] = -courses[lane].rise }
      }
      courses.removeAll { $0.hasArrived || $0.hasFailed }
    }
  }

  /// What the priors change with Δ.
  private func addPrior(_ change: [Double], _ rise: inout Double, _ slopes: inout [Double]) {
    for k in change.indices {
      let (away, variance) = Self.away(fit, prior, unitVariance, k)
      rise -= (away + 0.5 * change[k]) * change[k] / variance
      slopes[k] -= (away + change[k]) / variance
    }
  }

  /// How far an effect is from its prior's mean, and the prior's variance.
  private static func away(
    _ fit: ChooserFit, _ prior: ColumnPrior, _ unitVariance: Double, _ k: Int
  ) -> (distance: Double, variance: Double) {
    let column = k - fit.units.count
    return column < 0
      ? (fit.units[k], unitVariance) : (fit.columns[column] - prior.means[column], prior.variances[column])
  }

  /// The curvature at û + Δ.
  private func arrow(at change: [Double]) -> Arrow {
    let unitCount = fit.units.count
    return Arrow(
      ChoiceDerivatives(
        sets, units: zip(fit.units, change).map { $0 + $1 },
        columns: zip(fit.columns, change[unitCount...]).map { $0 + $1 }, weights: weights),
      prior: prior, unitVariance: unitVariance)
  }

  /// The same of every unit, from the units' covariance H⁻¹ and what they are weighted by.
  static func curvatures(_ covariance: Matrix, _ unitVariances: [Double]) -> [Double] {
    let weights = unitVariances.map { 1 / $0 }
    let total = weights.reduce(0, +)
    let ofAll = covariance * weights
    let spread = dot(weights, ofAll)
    return weights.indices.map { unit in
      // Without the unit itself.
      let (own, rest) = (weights[unit], total - weights[unit])
      let a = covariance[unit, unit]
      let b = (ofAll[unit] - own * a) / rest
      let c = (spread - 2 * own * ofAll[unit] + own * own * a) / (rest * rest)
      return c / (a * c - b * b)
    }
  }

  /// What is held: one unit's change, and the others' level, Σ w Δ = 0.
  fileprivate struct Hold {
    let unit: Int
    let change: Double
    /// w, by unit, then column: sum to one; zero for the unit itself.
    private let weights: [Double]
    private var arrow: Arrow
    /// H⁻¹ e_unit and H⁻¹ w.
    private var ofUnit: [Double] = []
    private var ofLevel: [Double] = []

    init(_ unit: Int, at value: Double, _ fit: ChooserFit, _ arrow: Arrow) {
      self.unit = unit
      change = value - fit.units[unit]
      var weights = fit.unitVariances.map { 1 / $0 }
      weights[unit] = 0
      let total = weights.reduce(0, +)
      self.weights = weights.map { $0 / total } + fit.columns.map { _ in 0 }
      self.arrow = arrow
      curve(arrow)
    }

    /// Units and columns.
    var count: Int { weights.count }

    /// Takes another curvature.
    mutating func curve(_ arrow: Arrow) {
      self.arrow = arrow
      var one = [Double](repeating: 0, count: weights.count)
      one[unit] = 1
      ofUnit = arrow.solve(one)
      ofLevel = arrow.solve(weights)
    }

    /// ℓ would fall by half of this times the square of the unit's change, with these held, if it were quadratic: the first
    /// entry of (A H⁻¹ Aᵀ)⁻¹.
    var curvature: Double {
      let (a, b, c) = (ofUnit[unit], ofLevel[unit], dot(weights, ofLevel))
      return c / (a * c - b * b)
    }

    /// Newton's step from where the slopes are these, with the unit moved so far and the level held.
    ///
    ///     Δ = H⁻¹ (g − Aᵀλ)        A Δ = (unit's move, 0)
    func step(_ slopes: [Double], unitMoves: Double) -> [Double] {
      let free = arrow.solve(slopes)
      let (a, b, c) = (ofUnit[unit], ofLevel[unit], dot(weights, ofLevel))
      let (r, s) = (free[unit] - unitMoves, dot(weights, free))
      let determinant = a * c - b * b
      let (one, two) = ((c * r - b * s) / determinant, (a * s - b * r) / determinant)
      var step = free.indices.map { free[$0] - one * ofUnit[$0] - two * ofLevel[$0] }
      step[unit] = unitMoves
      return step
    }
  }

  /// One unit's way to ℓ(c).
  private struct Course {
    let place: Int
    private var hold: Hold
    /// Δ, what ℓ rises by there, and the step that is tried from there.
    private var base: [Double]
    private(set) var rise = -Double.infinity
    private var step: [Double]
    private var length = 1.0
    private var gain = Double.infinity
    private var passes = 0
    private(set) var hasArrived = false
    private(set) var hasFailed = false

    /// Sets out for where ℓ(c) would be if ℓ were quadratic; or for some way towards it from where only the unit has moved.
    init(_ place: Int, hold: Hold) {
      (self.place, self.hold) = (place, hold)
      let zeros = [Double](repeating: 0, count: hold.count)
      base = zeros
      base[hold.unit] = hold.change
      step = hold.step(zeros, unitMoves: hold.change)
      step[hold.unit] = 0
    }

    var proposal: [Double] { zip(base, step).map { $0 + length * $1 } }

    /// Goes on from what was found at the proposal.
    mutating func go(rise found: Double, slopes: [Double], arrow: ([Double]) -> Arrow) {
      passes += 1
      if found.isFinite && (rise == -.infinity || found >= rise + 1e-4 * length * gain - 1e-12 * abs(rise)) {
        let last = gain
        (base, rise) = (proposal, found)
        aim(slopes)
        if gain > ChoiceProfile.tolerance * abs(rise) && gain > ChoiceProfile.progress * last {
          hold.curve(arrow(base))
          aim(slopes)
        }
        hasArrived = gain <= ChoiceProfile.tolerance * abs(rise)
        if hasArrived { rise += gain }
      } else {
        length *= 0.5
      }
      hasFailed = !hasArrived && (passes == ChoiceProfile.mostPasses || length < 1e-6)
    }

    private mutating func aim(_ slopes: [Double]) {
      step = hold.step(slopes, unitMoves: 0)
      gain = 0.5 * dot(step, slopes)
      length = 1
    }
  }
}
