import Glibc
import Rapport

/// What is known of the terminals behind the standard outputs.
enum Terminal {
  /// The console that is laid out for: as wide as the terminal behind the descriptor, unlimited in a pipe.
  static func console(on descriptor: Int32 = STDOUT_FILENO, color: Configuration.ColorChoice) -> Console {
    let isTerminal = isatty(descriptor) == 1
    let isStyled =
      switch color {
      case .auto: isTerminal && wantsStyle
      case .always: true
      case .never: false
      }
    return Console(width: isTerminal ? width(of: descriptor) : nil, isStyled: isStyled)
  }

  /// Whether progress may be drawn.
  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb" }

  /// A message for standard error, broken at spaces where that is a terminal.
  static func message(_ text: String) -> String {
    guard isatty(STDERR_FILENO) == 1 else { return text }
    return DisplayWidth.wrapped(text, to: width(of: STDERR_FILENO)).joined(separator: "\n")
  }

  /// The width of the terminal behind `descriptor`; 80 where it doesn't say.
  static func width(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return environment("COLUMNS").flatMap { Int($0) } ?? 80
    }
    return Int(size.ws_col)
  }

  private static var wantsStyle: Bool { (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb" }

  private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
