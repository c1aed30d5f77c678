import Rapport

/// Where time went, for `--verbose`.
enum Timings {
  /// Seconds and share per stage, rates, peak memory.
  static func text(_ times: StageTimes, _ statistics: ReadingStatistics) -> String {
    let total = max(times.total, 1e-9)
    var table = ConsoleTable([.text("stage"), .number("seconds"), .number("share")])
    for (stage, seconds) in times.stages {
      table.append(stage.rawValue, Figure.number(seconds, digits: 3), Figure.percent(seconds / total))
    }
    table.append("total", Figure.number(total, digits: 3), "100 %")
    var lines = table.lines(on: Console())
    let reading = times.stages.first { $0.stage == .reading }?.seconds ?? 0
    if statistics.rows > 0, reading > 0 {
      let rows = Double(statistics.rows)
      lines.append(
        "\(Figure.count(statistics.rows)) rows, \(Figure.count(statistics.textBytes)) bytes of text: "
          + "\(Figure.number(Double(statistics.textBytes) / reading / 1e6, digits: 1)) MB/s and "
          + "\(Figure.count(Int(rows / reading))) events/s while reading, \(Figure.count(Int(rows / total))) "
          + "events/s in all"
      )
    }
    for (part, seconds) in statistics.seconds.sorted(by: { $0.key < $1.key }) {
      lines.append("reading: \(part) \(Figure.number(seconds, digits: 3)) s")
    }
    lines.append("peak memory \(Figure.number(Double(Machine.peakMemoryBytes) / 1e6, digits: 0)) MB")
    return lines.joined(separator: "\n")
  }
}
