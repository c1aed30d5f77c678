import Glibc

/// Which BLAS runs, and on how many threads: one, always.
///
/// Sums inside a threaded BLAS depend on the number of threads, and a threaded BLAS under threads of our own is slower.
/// So the first call of any routine sets OpenBLAS, where that is what the linker found, to one thread.
public enum BLASInformation {
  /// What OpenBLAS says of its build, such as "OpenBLAS 0.3.21 DYNAMIC_ARCH Haswell SINGLE_THREADED", or "reference".
  public static let name: String = {
    typealias GetConfiguration = @convention(c) () -> UnsafePointer<CChar>?
    guard let symbol = dlsym(nil, "openblas_get_config") else { return "reference" }
    guard let text = unsafeBitCast(symbol, to: GetConfiguration.self)() else { return "OpenBLAS" }
    return String(cString: text).split(separator: " ").joined(separator: " ")
  }()

  /// Touched before every routine; computed once.
  static let isSingleThreaded: Bool = {
    typealias SetThreads = @convention(c) (Int32) -> Void
    guard let symbol = dlsym(nil, "openblas_set_num_threads") else { return true }
    unsafeBitCast(symbol, to: SetThreads.self)(1)
    return true
  }()
}
