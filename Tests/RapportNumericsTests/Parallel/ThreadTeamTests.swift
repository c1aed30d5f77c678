import Dispatch
import Glibc
import Synchronization
import Testing

@testable import RapportNumerics

@Suite struct ThreadTeamTests {
  /// So many who wait for each other: only at the same time can all arrive.
  final class Meeting: Sendable {
    private let size: Int
    private let arrived = Atomic(0)
    private let met = Atomic(0)
    private let isGivenUp = Atomic(false)

    init(of size: Int = 2) { self.size = size }

    var isHeld: Bool { met.load(ordering: .relaxed) == size }

    /// Waits awake: in the place of who sleeps a pool may let another work, and then has more at work than it gives threads to.
    func attend() {
      arrived.add(1, ordering: .sequentiallyConsistent)
      let end = ContinuousClock.now + .seconds(60)
      while arrived.load(ordering: .sequentiallyConsistent) < size {
        if isGivenUp.load(ordering: .relaxed) { return }
        if ContinuousClock.now > end { isGivenUp.store(true, ordering: .relaxed) }
        sched_yield()
      }
      met.add(1, ordering: .relaxed)
    }
  }

  @Test func `two pieces are worked at together`() {
    let meeting = Meeting()
    ThreadTeam().run(count: 2, threads: 2) { _ in meeting.attend() }
    #expect(meeting.isHeld)
  }

  // More than a pool of threads has, which lets as many work as there are processors.
  @Test func `as many as were asked for are at work together, alone and within another call`() {
    let threads = sysconf(Int32(_SC_NPROCESSORS_ONLN)) + 3
    let alone = Meeting(of: threads)
    ThreadTeam().run(count: threads, threads: threads) { _ in alone.attend() }
    #expect(alone.isHeld)
    let (team, within) = (ThreadTeam(), Meeting(of: threads))
    team.run(count: 2, threads: threads) { piece in
      if piece == 0 { team.run(count: threads, threads: threads) { _ in within.attend() } }
    }
    #expect(within.isHeld)
  }

  @Test func `a call within a call has the thread that the outer one needs no more`() {
    for quick in 0..<2 {
      let team = ThreadTeam()
      let meeting = Meeting()
      team.run(count: 2, threads: 2) { piece in
        if piece != quick { team.run(count: 2, threads: 2) { _ in meeting.attend() } }
      }
      #expect(meeting.isHeld, "piece \(quick) is the one that ends at once")
    }
  }

  // The caller ends its piece when the helper has one, and waits; what the helper begins then wakes it.
  @Test func `who waits is woken by what is begun within`() {
    let (team, meeting, taken) = (ThreadTeam(), Meeting(), DispatchSemaphore(value: 0))
    let caller = pthread_self()
    team.run(count: 2, threads: 2) { piece in
      if pthread_equal(pthread_self(), caller) != 0 {
        if piece == 0 { taken.wait() }
        return
      }
      taken.signal()
      // So that the caller is waiting; without that the test says less, but nothing wrong.
      usleep(200_000)
      team.run(count: 2, threads: 2) { _ in meeting.attend() }
    }
    #expect(meeting.isHeld)
  }

  // The helper is held in its piece until the caller has begun something else.
  @Test func `a helper goes on to what was begun meanwhile`() {
    let (team, meeting) = (ThreadTeam(), Meeting())
    let (taken, begun) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let caller = pthread_self()
    team.run(count: 2, threads: 2) { _ in
      if pthread_equal(pthread_self(), caller) == 0 {
        taken.signal()
        begun.wait()
        return
      }
      taken.wait()
      team.run(count: 2, threads: 2) { _ in
        begun.signal()
        meeting.attend()
      }
    }
    #expect(meeting.isHeld)
  }

  // The caller waits for its helper while a stranger's pieces are open.
  @Test func `who waits does nothing that lies outside`() {
    let team = ThreadTeam()
    let (taken, waiting) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let (done, left) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let caller = pthread_self()
    DispatchQueue(label: "stranger").async {
      waiting.wait()
      usleep(200_000)
      team.run(count: 20, threads: 3) { _ in
        if pthread_equal(pthread_self(), caller) != 0 { done.signal() }
        usleep(2000)
      }
      left.signal()
    }
    team.run(count: 2, threads: 2) { _ in
      if pthread_equal(pthread_self(), caller) == 0 {
        taken.signal()
        waiting.signal()
        left.wait()
      } else {
        taken.wait()
      }
    }
    #expect(done.wait(timeout: .now()) == .timedOut, "a stranger's piece was done by who waited")
  }

  @Test func `never more threads at work than were asked for`() {
    for threads in [2, 3, 5] {
      let team = ThreadTeam()
      let working = Atomic(0)
      let most = Atomic(0)
      let done = Atomic(0)
      team.run(count: 4, threads: threads) { _ in
        team.run(count: 6, threads: threads) { _ in
          team.run(count: 3, threads: threads) { _ in
            let now = working.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
            most.max(now, ordering: .sequentiallyConsistent)
            for _ in 0..<20 { sched_yield() }
            done.add(1, ordering: .relaxed)
            working.subtract(1, ordering: .sequentiallyConsistent)
          }
        }
      }
      #expect(done.load(ordering: .relaxed) == 72)
      #expect(most.load(ordering: .relaxed) <= threads)
    }
  }

  @Test func `a call that asks for fewer threads has fewer`() {
    let team = ThreadTeam()
    let working = Atomic(0)
    let most = Atomic(0)
    team.run(count: 4, threads: 4) { outer in
      guard outer == 0 else { return }
      team.run(count: 40, threads: 2) { _ in
        most.max(working.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue, ordering: .sequentiallyConsistent)
        for _ in 0..<20 { sched_yield() }
        working.subtract(1, ordering: .sequentiallyConsistent)
      }
    }
    #expect(most.load(ordering: .relaxed) <= 2)
  }

  @Test func `maps within maps give what loops give`() {
    let expected = (0..<7).map { a in (0..<5).map { b in (0..<9).map { c in a * 100 + b * 10 + c } } }
    for threads in [1, 2, 4] {
      let found = parallelMap(count: 7, threads: threads) { a in
        parallelMap(count: 5, threads: threads) { b in
          parallelMap(count: 9, threads: threads) { c in a * 100 + b * 10 + c }
        }
      }
      #expect(found == expected)
    }
  }

  @Test func `thousands of calls at once by threads of others`() {
    let team = ThreadTeam()
    let total = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<2_000 { team.run(count: 3, threads: 3) { total.add($0, ordering: .relaxed) } }
    }
    #expect(total.load(ordering: .relaxed) == 4 * 2_000 * 3)
  }
}
