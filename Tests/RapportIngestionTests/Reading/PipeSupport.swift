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

/// Progress reports, kept.
final class Seen: Sendable {
  private let reports = Mutex<[ReadingProgress]>([])
  func add(_ report: ReadingProgress) { reports.withLock { $0.append(report) } }
  var all: [ReadingProgress] { reports.withLock { $0 } }
}
