import Rapport

/// Where time went, for `--verbose`.
enum Timings {
  /// Of a run without stages.
  static func ofRun(since start: Double) -> String {
    "\(Figure.number(Machine.seconds - start, digits: 3)) s, \(Figure.number(Machine.processorSeconds, digits: 3)) CPU s, peak memory "
      + "\(Figure.number(Double(Machine.peakMemoryBytes) / 1e6, digits: 0)) MB"
  }

  /// Per stage: wall and processor seconds, the share, bytes and events a second, and the most memory held until its end.
  ///
  /// - Parameter events: what stages after the reading work on, from ledgers as well.
  static func text(_ times: StageTimes, _ statistics: ReadingStatistics, events: Int, console: Console) -> String {
    let total = max(times.total, 1e-9)
    var table = ConsoleTable([
      .text("stage"), .number("seconds"), .number("CPU s", leavesAt: 2), .number("share", leavesAt: 1),
      .number("MB/s", leavesAt: 4), .number("events/s", leavesAt: 3), .number("peak MB"),
    ])
    for entry in times.stages {
      // What is read has bytes; later stages have events alone.
      let isReading = entry.stage == .reading && statistics.rows > 0
      let count = isReading ? statistics.rows : entry.stage == .reading ? 0 : events
      table.append(
        entry.stage.rawValue, Figure.number(entry.seconds, digits: 3), Figure.number(entry.processorSeconds, digits: 3),
        Figure.percent(entry.seconds / total),
        isReading ? Figure.number(Double(statistics.textBytes) / max(entry.seconds, 1e-9) / 1e6, digits: 1) : "–",
        count > 0 ? Figure.count(Int(Double(count) / max(entry.seconds, 1e-9))) : "–",
        Figure.number(Double(entry.peakMemoryBytes) / 1e6, digits: 0))
    }
    table.append(
      "all", Figure.number(total, digits: 3),
      Figure.number(times.stages.reduce(0) { $0 + $1.processorSeconds }, digits: 3), "100 %", "–",
      Figure.count(Int(Double(statistics.rows > 0 ? statistics.rows : events) / total)),
      Figure.number(Double(Machine.peakMemoryBytes) / 1e6, digits: 0))
    var lines = table.lines(on: console)
    if statistics.rows > 0 {
      lines += DisplayWidth.wrapped(
        "\(Figure.count(statistics.rows)) rows, \(Figure.count(statistics.textBytes)) bytes of text. Clocks of reading, "
          + "those in threads added up: "
          + statistics.seconds.sorted { $0.key < $1.key }
          .map { "\($0.key) \(Figure.number($0.value, digits: 3)) s" }.joined(separator: ", ") + ".",
        to: console.width ?? 100)
    }
    return lines.joined(separator: "\n")
  }
}
