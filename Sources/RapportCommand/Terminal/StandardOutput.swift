import Glibc
import Rapport

/// Where results go; nothing else goes there.
enum StandardOutput {
  /// A closed pipe and a file-size limit become errors of writing, not signals.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // One that is closed (`>&-`) would be the number of the next file that is opened, which what is meant for standard output would go
    // to. It is held by what can't be used that way, so that it is told as before.
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes `text`. Where the reader went away nobody misses the rest; whatever else the command does takes its course.
  static func write(_ text: FileText) throws(RapportError) {
    switch TextFile.write(text, to: STDOUT_FILENO) {
    case 0, EPIPE: return
    case let failure:
      throw RapportError(.output, "standard output: writing failed: \(String(cString: strerror(failure)))")
    }
  }
}

/// Where progress, notes and errors go.
enum StandardError {
  static func write(_ text: String) { _ = TextFile.write(FileText(text), to: STDERR_FILENO) }
}
