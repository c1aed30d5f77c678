import Glibc
import Synchronization

/// Whether somebody wants the run to end: by Ctrl-C, a closed terminal, or `kill`.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  static var hasCome: Bool { flag.load(ordering: .relaxed) }

  /// From now on such signals are kept in mind, so that the run can clean up before it ends; waiting is broken off.
  static func listen() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in Interruption.flag.store(true, ordering: .relaxed) }
      sigaction(number, &action, nil)
    }
  }

  /// From now on such signals are nothing to this process and those that it starts.
  static func ignore() {
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
  }
}
