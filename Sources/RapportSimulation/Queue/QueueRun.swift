/// Plays the queues of all partners on one clock: arrivals, picks, work, passing on, withdrawals, pauses.
///
/// A partner at work and free picks one open request, works on it without interruption for its effort in working
/// time, and answers at the end of it. Everything that happens is told in the order of time.
struct QueueRun {
  /// What is told about a request.
  enum Step { case arrival, response, passing, withdrawal, pause, resumption }

  /// What may happen to an open request besides being answered.
  struct Interruptions {
    /// Chances per request: withdrawn unless answered before; paused unless picked before.
    var withdrawal = 0.03
    var pause = 0.05
    static let none = Interruptions(withdrawal: 0, pause: 0)
  }

  private(set) var requests: [QueuedRequest]
  private var queues: [PartnerQueue]
  private let clocks: [WorkClock]
  private var draws: [Draws]
  private var chances: Draws
  private let interruptions: Interruptions
  private let end: Int

  /// - Parameters:
  ///   - requests: by arrival
  ///   - clocks: each partner's working time
  ///   - end: when the run ends; what is open then stays open
  init(
    _ requests: [QueuedRequest], disciplines: [QueueDiscipline], clocks: [WorkClock], seed: UInt64, purpose: Purpose,
    interruptions: Interruptions, end: Int
  ) {
    self.requests = requests
    queues = disciplines.map { PartnerQueue(discipline: $0) }
    self.clocks = clocks
    draws = clocks.indices.map { Draws(seed: seed, purpose, $0, 1) }
    chances = Draws(seed: seed, purpose, -1, 2)
    self.interruptions = interruptions
    self.end = end
  }

  /// Runs to the end.
  ///
  /// - Parameter tell: called with the step, the request's position, the request, and the moment; the request's
  ///   `partner` is the one who holds it after the step.
  mutating func run(_ tell: (Step, Int, QueuedRequest, Int) -> Void) {
    var heap = EventHeap()
    var nextArrival = 0
    var inWork = [Int32](repeating: -1, count: queues.count)
    while true {
      if nextArrival < requests.count && requests[nextArrival].arrived <= (heap.first?.time ?? .max) {
        let now = requests[nextArrival].arrived
        if now >= end { return }
        arrive(Int32(nextArrival), at: now, heap: &heap, tell)
        nextArrival += 1
        continue
      }
      guard let entry = heap.popFirst(), entry.time < end else { return }
      let now = entry.time
      let subject = Int(entry.subject)
      switch entry.happening {
      case .arrival:
        break
      case .finished:
        let partner = subject
        let request = inWork[partner]
        queues[partner].isBusy = false
        if requests[Int(request)].passTo >= 0 {
          requests[Int(request)].partner = requests[Int(request)].passTo
          requests[Int(request)].passTo = -1
          tell(.passing, Int(request), requests[Int(request)], now)
          enqueue(request, at: now, heap: &heap, inWork: &inWork)
        } else {
          requests[Int(request)].answered = now
          tell(.response, Int(request), requests[Int(request)], now)
        }
        start(partner, at: now, heap: &heap, inWork: &inWork)
      case .opening:
        start(subject, at: now, heap: &heap, inWork: &inWork)
      case .withdrawal:
        if queues[Int(requests[subject].partner)].remove(Int32(subject)) {
          requests[subject].withdrawn = now
          tell(.withdrawal, subject, requests[subject], now)
        }
      case .pause:
        if queues[Int(requests[subject].partner)].remove(Int32(subject)) {
          tell(.pause, subject, requests[subject], now)
          let away = Int(chances.exponential() * 172_800) + 3600
          let clock = clocks[Int(requests[subject].partner)]
          if let back = clock.nextWorking(now + away) { heap.insert(.resumption, Int32(subject), at: back) }
        }
      case .resumption:
        tell(.resumption, subject, requests[subject], now)
        enqueue(Int32(subject), at: now, heap: &heap, inWork: &inWork)
      }
    }

    func arrive(
      _ request: Int32, at now: Int, heap: inout EventHeap, _ tell: (Step, Int, QueuedRequest, Int) -> Void
    ) {
      tell(.arrival, Int(request), requests[Int(request)], now)
      if chances.chance(interruptions.withdrawal) {
        heap.insert(.withdrawal, request, at: now + 3600 + Int(chances.exponential() * 259_200))
      }
      if chances.chance(interruptions.pause) {
        heap.insert(.pause, request, at: now + 1800 + Int(chances.exponential() * 43_200))
      }
      enqueue(request, at: now, heap: &heap, inWork: &inWork)
    }
  }

  private mutating func enqueue(_ request: Int32, at now: Int, heap: inout EventHeap, inWork: inout [Int32]) {
    let partner = Int(requests[Int(request)].partner)
    let wasEmpty = queues[partner].isEmpty
    queues[partner].insert(request, into: requests)
    if queues[partner].isBusy || (!wasEmpty && !clocks[partner].isWorking(now)) { return }
    start(partner, at: now, heap: &heap, inWork: &inWork)
  }

  /// Lets a free partner pick, now or at the next opening.
  private mutating func start(_ partner: Int, at now: Int, heap: inout EventHeap, inWork: inout [Int32]) {
    if queues[partner].isBusy || queues[partner].isEmpty { return }
    guard let opening = clocks[partner].nextWorking(now) else { return }
    if opening > now {
      heap.insert(.opening, Int32(partner), at: opening)
      return
    }
    let request = queues[partner].pick(at: now, from: requests, draws: &draws[partner])
    let isPassed = requests[Int(request)].passTo >= 0
    let effort = isPassed ? 300 : Int(requests[Int(request)].effort)
    guard let finish = clocks[partner].wall(worked: clocks[partner].worked(at: now) + effort) else { return }
    queues[partner].isBusy = true
    inWork[partner] = request
    heap.insert(.finished, Int32(partner), at: finish)
  }
}
