import Testing

@testable import RapportSimulation

@Suite struct PartnerQueueTests {
  static func request(
    _ arrived: Int, topic: UInt8 = 1, priority: UInt8 = 1, due: Int = .max, readiness: Float = 0
  ) -> QueuedRequest {
    QueuedRequest(
      manager: 0, pair: 0, partner: 0, topic: topic, priority: priority, channel: 0, arrived: arrived, due: due,
      effort: 600, readiness: readiness)
  }

  static func order(_ discipline: QueueDiscipline, _ requests: [QueuedRequest]) -> [Int32] {
    var queue = PartnerQueue(discipline: discipline)
    // In another order than that of arrival: insertion sorts.
    for i in requests.indices.reversed() { queue.insert(Int32(i), into: requests) }
    var draws = Draws(seed: 1, .queue)
    return requests.indices.map { _ in queue.pick(at: 100_000, from: requests, draws: &draws) }
  }

  static let requests = [
    request(0, topic: 5, priority: 1), request(1, topic: 0, priority: 0), request(2, topic: 5, priority: 3),
    request(3, topic: 3, priority: 1),
  ]

  @Test func `first in, first out`() { #expect(Self.order(.firstInFirstOut, Self.requests) == [0, 1, 2, 3]) }
  @Test func `strict priority, then age`() { #expect(Self.order(.strictPriority, Self.requests) == [2, 0, 3, 1]) }
  // Topic 0 takes 0.4 of the average, 3 takes 1.3, 5 takes 2.2.
  @Test func `the shortest job, then age`() { #expect(Self.order(.shortestJobFirst, Self.requests) == [1, 3, 0, 2]) }
  // The oldest first; its topic's other request next; then the oldest again.
  @Test func `batches of one topic`() { #expect(Self.order(.batching, Self.requests) == [0, 2, 1, 3]) }

  // Two requests that differ in readiness log 3 alone are picked 3 : 1; 20 000 picks have a standard error of 0.003.
  @Test func `choice follows the odds`() {
    let pair = [Self.request(0, readiness: Float(1.0986123)), Self.request(0)]
    var draws = Draws(seed: 7, .queue)
    var first = 0
    for i in 0..<20_000 {
      var queue = PartnerQueue(discipline: .choice)
      // The later of equals is not the oldest: put each first half of the time, and let the bonus cancel.
      queue.insert(Int32(i % 2), into: pair)
      queue.insert(Int32(1 - i % 2), into: pair)
      if queue.pick(at: 3600, from: pair, draws: &draws) == 0 { first += 1 }
    }
    // With the bonus e^½ on either: ½ (3b / (3b + 1) + 3 / (3 + b)), b = e^½.
    let b = 1.6487212707
    let expected = 0.5 * (3 * b / (3 * b + 1) + 3 / (3 + b))
    #expect(abs(Double(first) / 20_000 - expected) < 0.012)
  }

  @Test func `a request can be taken out once`() {
    var queue = PartnerQueue(discipline: .firstInFirstOut)
    queue.insert(0, into: Self.requests)
    let removals = [queue.remove(0), queue.remove(0)]
    #expect(removals == [true, false])
    #expect(queue.isEmpty)
  }
}
