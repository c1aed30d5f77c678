import Glibc
import Rapport
import Synchronization

/// One line on a terminal's standard error that says how far the run is, how fast, and how long it will take.
final class ProgressLine: Sendable {
  private struct State {
    var stage = ""
    var started = 0.0
    var drawn = 0.0
  }
  private let state = Mutex(State())
  private let isShown: Bool

  init(isShown: Bool) { self.isShown = isShown }

  /// A stage begins.
  func begin(_ stage: String) {
    guard isShown else { return }
    let now = Machine.seconds
    state.withLock { $0 = State(stage: stage, started: now, drawn: now) }
    draw("\(stage)…")
  }

  /// So many bytes of the stage's input are done; drawn ten times a second at most.
  func advance(_ progress: ReadingProgress) {
    guard isShown else { return }
    let now = Machine.seconds
    let line: String? = state.withLock { state in
      guard now - state.drawn >= 0.1 else { return nil }
      state.drawn = now
      return Self.line(state.stage, progress, seconds: now - state.started)
    }
    if let line { draw(line) }
  }

  /// Takes the line away.
  func end() { if isShown { StandardError.write("\r\u{1B}[K") } }

  /// `reading  45 %  123 MB/s  1,200,000 rows  3 s left`.
  static func line(_ stage: String, _ progress: ReadingProgress, seconds: Double) -> String {
    let rate = seconds > 0 ? Double(progress.bytesDone) / seconds : 0
    var parts = [stage]
    if let total = progress.bytesTotal, total > 0 {
      parts.append(Figure.percent(min(1, Double(progress.bytesDone) / Double(total))))
    }
    parts.append("\(Figure.number(rate / 1e6, digits: rate < 1e7 ? 1 : 0)) MB/s")
    parts.append("\(Figure.count(progress.rows)) rows")
    if let total = progress.bytesTotal, rate > 0, total > progress.bytesDone {
      parts.append("\(Wording.duration(Double(total - progress.bytesDone) / rate)) left")
    }
    return parts.joined(separator: "  ")
  }

  private func draw(_ text: String) {
    let width = Terminal.width(of: STDERR_FILENO)
    StandardError.write("\r" + DisplayWidth.truncated(text, to: max(10, width - 1)) + "\u{1B}[K")
  }
}
