import Dispatch
import Glibc
import Synchronization

/// The threads that work at everything that is to be done on several at once, however calls lie within each other.
///
/// `DispatchQueue.concurrentPerform` runs on the caller's thread alone where it is called within another that has all processors, and
/// doesn't notice when they come free. Here whoever is free joins what was begun last and stays until all of it is taken, and who waits
/// for others to finish works meanwhile at what lies within. Where all calls ask for the same number of threads and lie within one, there
/// are never more at work; otherwise as many as there are outermost callers, and the most helpers that any call asked for.
final class ThreadTeam: @unchecked Sendable {
  static let shared = ThreadTeam()

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // The mutex guards the rest.
  /// What may have indices that nobody has taken, in the order in which it was begun.
  private var begun: [SharedWork] = []
  /// Threads besides those of callers, on their way included.
  private var helperCount = 0
  private var waitingCount = 0

  init() {
    mutex.initialize(to: pthread_mutex_t())
    changed.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Calls `body` with each of 0 ..< count, on the caller's thread and up to `threads` − 1 others; returns when all calls have.
  func run(count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let work = SharedWork(count: count, threads: threads, body)
      begin(work)
      work.takeAll()
      finish(work)
      work.end()
    }
  }

  private func begin(_ work: SharedWork) {
    pthread_mutex_lock(mutex)
    begun.append(work)
    let missing = max(0, min(work.threads, work.count) - 1 - helperCount)
    helperCount += missing
    if waitingCount > 0 { pthread_cond_broadcast(changed) }
    pthread_mutex_unlock(mutex)
    // By queues of their own, each of which gets a thread: in the common pool helpers would take the threads of others, such as of the
    // progress line's clock, and would wait for theirs.
    for _ in 0..<missing { DispatchQueue(label: "helper").async { self.help() } }
  }

  /// Waits for those who have joined; the caller has nothing left to take.
  private func finish(_ work: SharedWork) {
    pthread_mutex_lock(mutex)
    begun.remove(at: begun.lastIndex { $0 === work }!)
    while work.helperCount > 0 {
      // Nothing else: what lies outside might take longer than what is waited for.
      if let inner = begun.last(where: { $0.canBeJoined && $0.lies(within: work) }) {
        join(inner)
      } else {
        waitingCount += 1
        pthread_cond_wait(changed, mutex)
        waitingCount -= 1
      }
    }
    pthread_mutex_unlock(mutex)
  }

  /// One thread: joins whatever there is, until there is nothing.
  private func help() {
    pthread_mutex_lock(mutex)
    while let work = begun.last(where: \.canBeJoined) { join(work) }
    helperCount -= 1
    pthread_mutex_unlock(mutex)
  }

  /// Takes what nobody has taken. Called with the mutex locked, which is open meanwhile.
  private func join(_ work: SharedWork) {
    work.helperCount += 1
    pthread_mutex_unlock(mutex)
    work.takeAll()
    pthread_mutex_lock(mutex)
    work.helperCount -= 1
    if work.helperCount == 0, waitingCount > 0 { pthread_cond_broadcast(changed) }
  }
}

/// Calls of one function with numbers from 0 on, each taken by whoever is free.
private final class SharedWork: @unchecked Sendable {
  let count: Int
  /// As many may be at it at once, the caller among them.
  let threads: Int
  /// What its caller is at.
  private let outer: SharedWork?
  private let next = Atomic(0)
  private var body: (@Sendable (Int) -> Void)?
  /// Who has joined the caller; the team's mutex guards it.
  var helperCount = 0

  /// What a thread is at; whoever called for it keeps it.
  private static let current: pthread_key_t = {
    var key = pthread_key_t()
    precondition(pthread_key_create(&key, nil) == 0, "no key is left for what a thread is at")
    return key
  }()

  init(count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    (self.count, self.threads, self.body) = (count, threads, body)
    outer = pthread_getspecific(Self.current).map { Unmanaged<SharedWork>.fromOpaque($0).takeUnretainedValue() }
  }

  var canBeJoined: Bool { helperCount + 1 < threads && next.load(ordering: .relaxed) < count }

  func lies(within work: SharedWork) -> Bool {
    var place = outer
    while let around = place {
      if around === work { return true }
      place = around.outer
    }
    return false
  }

  // Not inlined, so that nobody holds the function any more when this returns: it doesn't outlive its caller.
  @inline(never)
  func takeAll() {
    guard let body else { return }
    let before = pthread_getspecific(Self.current)
    pthread_setspecific(Self.current, Unmanaged.passUnretained(self).toOpaque())
    defer { pthread_setspecific(Self.current, before) }
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index)
    }
  }

  /// Lets go of the function, when everybody has returned.
  func end() { body = nil }
}
