import Dispatch
import Glibc
import Rapport
import Synchronization

/// One line on a terminal's standard error that says how far the run is, how fast, and how long it will take; where that can't
/// be said, since when it works.
final class ProgressLine: Sendable {
  private struct State {
    /// Empty where nothing is shown.
    var stage = ""
    var started = 0.0
    var drawn = 0.0
    /// Whether the stage tells how far it is.
    var isMeasured = false
  }
  private let state = Mutex(State())
  private let isShown: Bool
  /// Set up before anybody shares it, and cancelled at the end.
  nonisolated(unsafe) private let clock: (any DispatchSourceTimer)?

  init(isShown: Bool) {
    self.isShown = isShown
    clock = isShown ? DispatchSource.makeTimerSource(queue: .global()) : nil
    clock?.setEventHandler { [weak self] in self?.tick() }
    clock?.schedule(deadline: .now() + 1, repeating: 1)
    clock?.activate()
  }

  deinit { clock?.cancel() }

  /// A stage begins.
  func begin(_ stage: String) {
    guard isShown else { return }
    let now = Machine.seconds
    state.withLock { state in
      state = State(stage: stage, started: now, drawn: now)
      draw("\(stage)…")
    }
  }

  /// So many bytes of the stage's input are done; drawn ten times a second at most.
  func advance(_ progress: ReadingProgress) {
    guard isShown else { return }
    let now = Machine.seconds
    state.withLock { state in
      state.isMeasured = true
      guard now - state.drawn >= 0.1 else { return }
      state.drawn = now
      draw(Self.line(state.stage, progress, seconds: now - state.started))
    }
  }

  /// Takes the line away.
  func end() {
    guard isShown else { return }
    state.withLock { state in
      state = State()
      StandardError.write("\r\u{1B}[K")
    }
  }

  /// A second has passed.
  private func tick() {
    let now = Machine.seconds
    state.withLock { state in
      guard !state.stage.isEmpty, !state.isMeasured, now - state.started >= 1 else { return }
      draw("\(state.stage)…  \(Wording.duration(now - state.started))")
    }
  }

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
