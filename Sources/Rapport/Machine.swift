import Glibc

/// What the computer offers.
public enum Machine {
  /// Processors that this process may use.
  public static let processors: Int = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// The most memory that this process has held, in bytes.
  public static var peakMemoryBytes: Int {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// Seconds on a clock that only goes forward.
  public static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
