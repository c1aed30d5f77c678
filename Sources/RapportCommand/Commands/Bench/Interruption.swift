import ArgumentParser
import Glibc
import Rapport
import Synchronization

/// Whether somebody wants the run to end: by Ctrl-C, a closed terminal, or `kill`.
enum Interruption {
  /// Ends the job that runs.
  static let stop = ChildProcess.Stop()
  /// The number of the signal that came last; 0 where none did.
  private static let number = Atomic<Int32>(0)

  /// - Throws: 128 and the signal's number as exit code where one has come.
  static func check() throws {
    let number = number.load(ordering: .sequentiallyConsistent)
    if number != 0 { throw ExitCode(128 + number) }
  }

  /// From now on such signals end the job that runs, and are kept in mind, so that the run can clean up before it ends.
  static func listen() {
    // Made here and not in the handler, which may not allocate.
    _ = stop
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      sigaddset(&numbers, number)
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        Interruption.number.store(number, ordering: .sequentiallyConsistent)
        Interruption.stop.wish()
      }
      sigaction(number, &action, nil)
    }
    // Whoever started this may have kept them from it.
    pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
  }

  /// From now on such signals are nothing to this process and those that it starts.
  static func ignore() {
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
  }
}
