import Glibc
import Synchronization

/// Another program, run to its end.
public enum ChildProcess {
  /// How a run ended and what it took.
  public struct Ended: Sendable {
    /// The exit code; 128 and the signal's number where a signal ended it.
    public var exitCode: Int32
    /// From start to end on the wall, in seconds.
    public var seconds: Double
    /// Processor seconds of all its threads, the system's for it among them.
    public var processorSeconds: Double
    /// The most memory that it held, in bytes.
    public var peakMemoryBytes: Int
  }

  /// A way to end a program that runs, which a signal handler may take: a wish that comes before the program has begun
  /// is kept, and none is lost between looking for one and waiting.
  public final class Stop: Sendable {
    private let wished = Atomic<Bool>(false)
    /// The process that runs; 0 where none does.
    private let process = Atomic<pid_t>(0)

    public init() {}

    /// Whether it was wished.
    public var isWished: Bool { wished.load(ordering: .sequentiallyConsistent) }

    /// Ends the program that runs, and every later one as soon as it begins.
    public func wish() {
      wished.store(true, ordering: .sequentiallyConsistent)
      end()
    }

    private func end() {
      let process = process.load(ordering: .sequentiallyConsistent)
      if process > 0 { kill(process, SIGTERM) }
    }

    /// Told of a process; whoever wishes before sees none, so that it is looked for here, too.
    fileprivate func watch(_ process: pid_t) {
      self.process.store(process, ordering: .sequentiallyConsistent)
      if isWished { end() }
    }

    /// Before the process's number may become another's.
    fileprivate func forget() { process.store(0, ordering: .sequentiallyConsistent) }
  }

  /// Runs a program and waits for it.
  ///
  /// A child's peak of memory is at least what this process holds when it starts it, since the system counts that until the
  /// program begins.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - input: the file that it reads as standard input.
  ///   - output: an open file that gets its standard output; by default that goes nowhere.
  ///   - errors: the file that gets its standard error.
  ///   - environment: `NAME=value` each.
  ///   - stop: ends it by SIGTERM.
  /// - Throws: kind `output` where it can't be started or waited for.
  public static func run(
    _ program: String, _ arguments: [String], input: String = "/dev/null", output: Int32? = nil, errors: String,
    environment: [String], stop: Stop? = nil
  ) throws(RapportError) -> Ended {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    if let output {
      posix_spawn_file_actions_adddup2(&actions, output, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // A thread that signals are kept from, as from Dispatch's, hands that on; the program must hear of SIGTERM.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var process = pid_t()
    let start = Machine.seconds
    let failure = withPointers([program] + arguments) { arguments in
      withPointers(environment) { posix_spawn(&process, program, &actions, &attributes, arguments, $0) }
    }
    guard failure == 0 else {
      throw RapportError(
        .output,
        "\(program) can't be run with input \(input) and errors to \(errors): \(String(cString: strerror(failure)))")
    }
    stop?.watch(process)
    // It has ended, but keeps its number until its figures are fetched.
    var information = siginfo_t()
    while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    stop?.forget()
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0 {
      guard errno == EINTR else {
        throw RapportError(.output, "\(program) can't be waited for: \(String(cString: strerror(errno)))")
      }
    }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    let signal = status & 0x7f
    return Ended(
      exitCode: signal == 0 ? (status >> 8) & 0xff : 128 + signal, seconds: Machine.seconds - start,
      processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMemoryBytes: usage.ru_maxrss * 1024)
  }

  /// This process's variables of these names, as ``run(_:_:input:output:errors:environment:stop:)`` takes them.
  public static func environment(_ names: [String]) -> [String] {
    names.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
  }

  /// Texts as C wants them: pointers, and none at the end.
  private static func withPointers<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }
}
