import Glibc

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

  /// Runs a program and waits for it.
  ///
  /// A child's peak of memory is at least what this process holds when it starts it, since the system counts that until the
  /// program begins.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - input: the file that it reads as standard input.
  ///   - errors: the file that gets its standard error; its standard output goes nowhere.
  ///   - environment: `NAME=value` each.
  ///   - isStopped: asked when a signal comes; whether the program is to be ended.
  /// - Throws: kind `output` where it can't be started or waited for.
  public static func run(
    _ program: String, _ arguments: [String], input: String = "/dev/null", errors: String,
    environment: [String], isStopped: () -> Bool = { false }
  ) throws(RapportError) -> Ended {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var process = pid_t()
    let start = Machine.seconds
    let failure = withPointers([program] + arguments) { arguments in
      withPointers(environment) { posix_spawn(&process, program, &actions, nil, arguments, $0) }
    }
    guard failure == 0 else {
      throw RapportError(
        .output,
        "\(program) can't be run with input \(input) and errors to \(errors): \(String(cString: strerror(failure)))")
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0 {
      guard errno == EINTR else {
        throw RapportError(.output, "\(program) can't be waited for: \(String(cString: strerror(errno)))")
      }
      if isStopped() { kill(process, SIGTERM) }
    }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    let signal = status & 0x7f
    return Ended(
      exitCode: signal == 0 ? (status >> 8) & 0xff : 128 + signal, seconds: Machine.seconds - start,
      processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMemoryBytes: usage.ru_maxrss * 1024)
  }

  /// This process's variables of these names, as ``run(_:_:input:errors:environment:isStopped:)`` takes them.
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
