import Glibc

/// What the computer offers.
public enum Machine {
  /// Processors that this process may use.
  public static let processors: Int = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// The folder that relative paths are taken from; empty where it can't be known.
  public static var workingFolder: String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }

  /// The most memory that this process has held, in bytes.
  public static var peakMemoryBytes: Int {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// Processor seconds that this process has used, all threads together.
  public static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Memory of the computer, in bytes.
  public static var memoryBytes: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

  /// What the processor calls itself, as `/proc/cpuinfo` has it; the architecture where it has none.
  public static var processorName: String {
    let lines = ((try? TextFile.read("/proc/cpuinfo", as: .output)) ?? "").split(separator: "\n")
    if let line = lines.first(where: { $0.hasPrefix("model name") }), let colon = line.firstIndex(of: ":") {
      return String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    var system = utsname()
    uname(&system)
    return withUnsafeBytes(of: &system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// Seconds on a clock that only goes forward.
  public static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
