import ArgumentParser
import Dispatch
import Glibc
import Rapport
import Synchronization

/// Whether somebody wants the run to end: by Ctrl-C, a closed terminal, or `kill`.
enum Interruption {
  /// Ends the job that runs.
  static let stop = ChildProcess.Stop()
  /// The number of the signal that came last; 0 where none did.
  private static let number = Atomic<Int32>(0)

  /// Where the handler writes the signal's number; −1 until somebody listens there.
  private static let told = Atomic<Int32>(-1)
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// From now on such signals end the run with 128 and their number as exit code, and what is being written aside goes.
  ///
  /// Those that whoever started the run has it ignore, as `nohup` does, stay ignored.
  static func endRun() {
    var ends: [Int32] = [-1, -1]
    guard told.load(ordering: .sequentiallyConsistent) < 0, pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    told.store(ends[1], ordering: .sequentiallyConsistent)
    // A handler may hardly do more than write; what takes locks and memory is for a thread of its own.
    let end = ends[0]
    DispatchQueue(label: "interruption").async {
      var number: UInt8 = 0
      while Glibc.read(end, &number, 1) != 1 { guard errno == EINTR else { return } }
      AsideFiles.removeAll { _exit(128 + Int32(number)) }
    }
    handle(signals.filter { !isIgnored($0) }) { number in
      let failure = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = Glibc.write(Interruption.told.load(ordering: .sequentiallyConsistent), &byte, 1)
      errno = failure
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    // Functions can't be compared, addresses can.
    return sigaction(number, nil, &action) == 0
      && unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func handle(_ numbers: [Int32], _ handler: @escaping @convention(c) (Int32) -> Void) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers {
      sigaddset(&set, number)
      var action = sigaction()
      action.__sigaction_handler.sa_handler = handler
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
    // Whoever started this may have kept them from it.
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// - Throws: 128 and the signal's number as exit code where one has come.
  static func check() throws {
    let number = number.load(ordering: .sequentiallyConsistent)
    if number != 0 { throw ExitCode(128 + number) }
  }

  /// From now on such signals end the job that runs, and are kept in mind, so that the run can clean up before it ends.
  static func listen() {
    // Made here and not in the handler, which may not allocate.
    _ = stop
    handle(signals) { number in
      Interruption.number.store(number, ordering: .sequentiallyConsistent)
      Interruption.stop.wish()
    }
  }

  /// From now on such signals are nothing to this process and those that it starts.
  static func ignore() {
    for number in signals { signal(number, SIG_IGN) }
  }
}
