import Glibc

/// One request on its way through a queue.
struct QueuedRequest {
  var manager: Int32
  /// Position in ``Organisation/pairs`` of the pair that it was addressed to.
  var pair: Int32
  var partner: Int32
  var topic: UInt8
  var priority: UInt8
  var channel: UInt8
  /// Wall-clock seconds.
  var arrived: Int
  var due: Int
  /// Working seconds that answering takes.
  var effort: Int32
  /// Log odds of being picked, from the pair and the request's own luck.
  var readiness: Float
  /// Where it is to be passed on when first picked; −1 nowhere.
  var passTo: Int32 = -1
  /// When it was answered; 0 while it isn't.
  var answered: Int = 0
  var withdrawn: Int = 0
}

/// The open requests of one partner and the rule by which the next is picked.
struct PartnerQueue {
  /// Coefficients of the log odds of being picked next.
  enum Odds {
    static let logWaitingHours = 1.0
    static let oldest = 0.5
    static let overdue = 0.8
    static let priorityStep = 0.7
    static let sameTopic = 0.5
    static let logEffort = -0.3
  }

  let discipline: QueueDiscipline
  /// Open requests, oldest first.
  private(set) var open: [Int32] = []
  private var lastTopic: UInt8 = .max
  var isBusy = false
  private var weights: [Double] = []

  init(discipline: QueueDiscipline) { self.discipline = discipline }

  var isEmpty: Bool { open.isEmpty }

  mutating func insert(_ request: Int32, into requests: borrowing [QueuedRequest]) {
    var i = open.count
    while i > 0 && requests[Int(open[i - 1])].arrived > requests[Int(request)].arrived { i -= 1 }
    open.insert(request, at: i)
  }

  mutating func remove(_ request: Int32) -> Bool {
    guard let i = open.firstIndex(of: request) else { return false }
    open.remove(at: i)
    return true
  }

  /// Takes the next request out of the queue.
  mutating func pick(at now: Int, from requests: borrowing [QueuedRequest], draws: inout Draws) -> Int32 {
    let position = choose(at: now, from: requests, draws: &draws)
    let picked = open.remove(at: position)
    lastTopic = requests[Int(picked)].topic
    return picked
  }

  private mutating func choose(at now: Int, from requests: borrowing [QueuedRequest], draws: inout Draws) -> Int {
    if open.count == 1 { return 0 }
    /// The first position with the smallest key; the oldest among equals.
    func first(_ key: (QueuedRequest) -> Double) -> Int {
      var best = 0
      var least = Double.infinity
      for (i, request) in open.enumerated() {
        let value = key(requests[Int(request)])
        if value < least { (best, least) = (i, value) }
      }
      return best
    }
    switch discipline {
    case .firstInFirstOut: return 0
    case .strictPriority: return first { -Double($0.priority) }
    case .shortestJobFirst: return first { RequestCategory.topicEffort[Int($0.topic)] }
    case .batching:
      let topic = lastTopic
      return first { $0.topic == topic ? 0 : 1 }
    case .choice, .mixed:
      weights.removeAll(keepingCapacity: true)
      var sum = 0.0
      for (i, code) in open.enumerated() {
        let request = requests[Int(code)]
        var odds = Odds.logWaitingHours * log(1 + Double(now - request.arrived) / 3600)
        if i == 0 { odds += Odds.oldest }
        if now > request.due { odds += Odds.overdue }
        odds += Odds.priorityStep * Double(request.priority)
        if request.topic == lastTopic { odds += Odds.sameTopic }
        odds += Odds.logEffort * log(RequestCategory.topicEffort[Int(request.topic)])
        odds += Double(request.readiness)
        let weight = exp(odds)
        sum += weight
        weights.append(weight)
      }
      var remaining = draws.uniform() * sum
      for (i, weight) in weights.enumerated() {
        remaining -= weight
        if remaining < 0 { return i }
      }
      return open.count - 1
    }
  }
}
