import Glibc
import Rapport

/// A scale study as text, tables and plots.
struct ScaleView {
  let measurements: [ScaleStudy.Measurement]
  let exponents: [ScaleStudy.Exponent]
  /// Threads of each job.
  let threads: Int
  let runs: Int

  init(_ measurements: [ScaleStudy.Measurement], threads: Int, runs: Int) {
    self.measurements = measurements
    exponents = ScaleStudy.exponents(measurements)
    (self.threads, self.runs) = (threads, runs)
  }

  /// The machine on which it was measured.
  var machine: String {
    "rapport \(rapportVersion), \(Machine.processorName), \(Figure.count(Machine.processors, "processor")), "
      + "\(Figure.number(Double(Machine.memoryBytes) / 1e9, digits: 0)) GB, \(Figure.count(threads, "thread")) each job, "
      + (runs == 1 ? "one run each" : "medians of \(Figure.count(runs)) runs")
  }

  /// For people, ending in a line break.
  func text(on console: Console) -> String {
    var table = ConsoleTable([
      .text("job"), .number("events"), .number("managers"), .number("MB", leavesAt: 2), .number("seconds"),
      .number("CPU s", leavesAt: 1), .number("events/s"), .number("peak MB"),
    ])
    for one in measurements {
      table.append(
        one.job.rawValue, Figure.count(one.events), Figure.count(one.managers),
        Figure.number(Double(one.bytes) / 1e6, digits: 0), Figure.number(one.seconds, digits: 2),
        Figure.number(one.processorSeconds, digits: 2), Figure.count(Int(Double(one.events) / one.seconds)),
        Figure.number(one.peakMemoryBytes / 1e6, digits: 0))
    }
    let grown = exponents.map { one in
      "• Time of \(one.job.rawValue) grows with the power \(Figure.number(one.time, digits: 2)) of \(one.axis.rawValue), memory "
        + "with \(Figure.number(one.memory, digits: 2)) (\(one.sizes) sizes)."
    }
    let lines =
      [console.heading("How time and memory grow")] + DisplayWidth.wrapped(machine, to: console.width ?? 100)
      + table.lines(on: console) + grown.flatMap { DisplayWidth.wrapped($0, to: console.width ?? 100) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Everything, for programs.
  var tree: JSONValue {
    .object([
      "bench": .object([
        "version": .string(rapportVersion), "processor": .string(Machine.processorName),
        "processors": .integer(Int64(Machine.processors)), "memoryBytes": .integer(Int64(Machine.memoryBytes)),
        "threads": .integer(Int64(threads)), "runs": .integer(Int64(runs)), "measurements": .array(rows),
        "exponents": .array(
          exponents.map {
            [
              "job": .string($0.job.rawValue), "along": .string($0.axis.rawValue), "sizes": .integer(Int64($0.sizes)),
              "time": .number($0.time), "memory": .number($0.memory),
            ]
          }),
      ])
    ])
  }

  /// A row per job and size.
  var rows: [JSONValue] {
    measurements.map {
      [
        "along": .string($0.axis.rawValue), "job": .string($0.job.rawValue), "events": .integer(Int64($0.events)),
        "managers": .integer(Int64($0.managers)), "bytes": .integer(Int64($0.bytes)), "seconds": .number($0.seconds),
        "processorSeconds": .number($0.processorSeconds), "peakMemoryBytes": .number($0.peakMemoryBytes),
      ]
    }
  }

  /// Time and memory against each size that was varied, on axes of equal ratios.
  var plots: [(name: String, svg: String)] {
    [ScaleStudy.Axis.events, .managers].flatMap { axis -> [(name: String, svg: String)] in
      let own = measurements.filter { $0.axis == axis }
      let curve: (String, String, (ScaleStudy.Measurement) -> Double, (ScaleStudy.Exponent) -> Double) -> CurvePlot? = {
        title, unit, value, power in
        let values = own.map(value)
        let sizes = own.map(\.size)
        guard let least = values.min(), let most = values.max(), let first = sizes.min(), let last = sizes.max(),
          first < last
        else { return nil }
        let curves = ScaleStudy.Job.allCases.compactMap { job -> CurvePlot.Curve? in
          let points = own.filter { $0.job == job }.map { (x: $0.size, y: value($0)) }.sorted { $0.x < $1.x }
          guard let exponent = exponents.first(where: { $0.axis == axis && $0.job == job }) else { return nil }
          return CurvePlot.Curve(
            name: "\(job.rawValue): power \(Figure.number(power(exponent), digits: 2))", points: points,
            isMarked: job == .score)
        }
        let ticks = Self.decades(least, most)
        var plot = CurvePlot(
          curves: curves, horizontalTitle: axis.rawValue, ticks: Self.decades(first, last), isLogarithmic: true,
          verticalTitle: "\(title), \(unit)",
          description: "\(title) against \(axis.rawValue), both on scales of equal ratios")
        plot.verticalDomain = ticks[0]...ticks[ticks.count - 1]
        plot.logarithmicVerticalTicks = ticks
        return plot
      }
      let time = curve("wall time", "seconds", { $0.seconds }, { $0.time })
      let memory = curve("peak memory", "MB", { $0.peakMemoryBytes / 1e6 }, { $0.memory })
      return [("time-by-\(axis.rawValue)", time), ("memory-by-\(axis.rawValue)", memory)].compactMap { name, plot in
        plot.map { (name, $0.file(title: "Scale of rapport", captions: [machine])) }
      }
    }
  }

  /// Powers of ten that enclose the values, two at least.
  static func decades(_ least: Double, _ most: Double) -> [Double] {
    let first = Int(floor(log10(least)))
    let last = max(first + 1, Int(ceil(log10(most))))
    return (first...last).map { pow(10, Double($0)) }
  }
}
