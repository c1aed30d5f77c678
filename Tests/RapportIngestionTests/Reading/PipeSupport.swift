import Dispatch
import Glibc
import RapportIngestion
import Synchronization

/// Makes a named pipe; 0 when it worked.
func makePipe(_ path: String) -> Int32 { mkfifo(path, 0o600) }

/// Calls `body` while another thread writes bytes into a pipe, in pieces.
func withWriter<Result>(to path: String, bytes: [UInt8], _ body: () throws -> Result) rethrows -> Result {
  let writer = DispatchQueue(label: "writer")
  writer.async {
    let descriptor = open(path, O_WRONLY)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, min(777, $0.count - written)) }
      if count <= 0 { break }
      written += count
    }
    close(descriptor)
  }
  defer { writer.sync {} }
  return try body()
}

/// Calls `body` with the path of a pipe without a name that holds bytes, no more than 64 KiB, and whose writer has gone.
func withPipe<Result>(holding bytes: [UInt8], _ body: (String) throws -> Result) rethrows -> Result {
  var descriptors: [Int32] = [0, 0]
  precondition(pipe(&descriptors) == 0 && write(descriptors[1], bytes, bytes.count) == bytes.count)
  close(descriptors[1])
  defer { close(descriptors[0]) }
  return try body("/dev/fd/\(descriptors[0])")
}

/// Progress reports, kept.
final class Seen: Sendable {
  private let reports = Mutex<[ReadingProgress]>([])
  func add(_ report: ReadingProgress) { reports.withLock { $0.append(report) } }
  var all: [ReadingProgress] { reports.withLock { $0 } }
}
