internal import CSpecialFunctions
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

  /// Whether routines may run on several of our threads at once.
  ///
  /// Debian's `libopenblas0-serial` is built without locks: calls at the same time share a buffer and give wrong
  /// numbers (measured with 0.3.21: 5 % of small products on four threads). So its calls take turns. The reference BLAS
  /// and OpenBLAS with threads need no turns. Computed once, before the first routine.
  public static let isConcurrent: Bool = {
    typealias SetThreads = @convention(c) (Int32) -> Void
    typealias GetParallel = @convention(c) () -> Int32
    if let symbol = dlsym(nil, "openblas_set_num_threads") { unsafeBitCast(symbol, to: SetThreads.self)(1) }
    guard dlsym(nil, "openblas_get_config") != nil else { return true }
    guard let symbol = dlsym(nil, "openblas_get_parallel") else { return false }
    return unsafeBitCast(symbol, to: GetParallel.self)() != 0
  }()

  /// The kernels that this processor could run, as `OPENBLAS_CORETYPE` names them, where OpenBLAS took its oldest; `nil` where
  /// it knows what it does, or was told.
  ///
  /// OpenBLAS knows processors by their model. On one that came out after it, it runs kernels of 2004 with two numbers
  /// at a time (measured with 0.3.21 on a Xeon of 2023: products of matrices take four times as long). It reads the variable
  /// when the program starts, so that only a program started anew can be helped.
  public static let betterKernels: String? = {
    typealias GetCore = @convention(c) () -> UnsafePointer<CChar>?
    guard getenv("OPENBLAS_CORETYPE") == nil, let symbol = dlsym(nil, "openblas_get_corename"),
      let core = unsafeBitCast(symbol, to: GetCore.self)(), strcasecmp(core, "Prescott") == 0
    else { return nil }
    return switch rapport_vector_level() {
    case 2: "SkylakeX"
    case 1: "Haswell"
    default: nil
    }
  }()

  private nonisolated(unsafe) static let turn: UnsafeMutablePointer<pthread_mutex_t> = {
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    return mutex
  }()

  /// Called before every routine, and ``leave()`` after it.
  static func enter() {
    if !isConcurrent { pthread_mutex_lock(turn) }
  }

  static func leave() {
    if !isConcurrent { pthread_mutex_unlock(turn) }
  }
}
