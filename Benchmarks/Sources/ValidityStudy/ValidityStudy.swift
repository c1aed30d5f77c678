import Foundation
import Rapport
import RapportSimulation

/// Simulates organisations with known truth, scores them as `rapport score` would, and compares.
///
///     swift run -c release --package-path Benchmarks ValidityStudy [health|null|favouritism|power|curve]…
///       [--seeds N] [--first N] [--threads N] [--from-row N] [--through-row N] [--plots FOLDER]
///
/// Prints tables in Markdown, and on the standard error the signals that are wrong. Seeds start at `--first`, so that
/// estimators are judged on seeds that nobody looked at while writing them. Rows of `favouritism` and of
/// `power` are counted from 1, so that they can be spread over machines. `--plots` says where `curve` draws.
@main struct ValidityStudy {
  static func main() throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    func number(_ name: String, _ value: Int) -> Int {
      guard let i = arguments.firstIndex(of: name), i + 1 < arguments.count, let found = Int(arguments[i + 1]) else {
        return value
      }
      arguments.removeSubrange(i...i + 1)
      return found
    }
    let count = number("--seeds", 10)
    let first = number("--first", 1001)
    let threads = number("--threads", 2)
    var plots: String?
    if let i = arguments.firstIndex(of: "--plots"), i + 1 < arguments.count {
      plots = arguments[i + 1]
      arguments.removeSubrange(i...i + 1)
    }
    let from = number("--from-row", 1)
    let through = number("--through-row", .max)
    let rows = from...max(from, through)
    let seeds = (0..<count).map { UInt64(first + $0) }
    let questions = arguments.isEmpty ? ["health", "null", "favouritism", "power", "curve"] : arguments
    for question in questions {
      switch question {
      case "health": try HealthStudy.run(seeds)
      case "null": try NullStudy.run(seeds)
      case "favouritism": try FalseSignalStudy.run(seeds, rows: rows, threads: threads)
      case "power": try PowerStudy.run(seeds, rows: rows, threads: threads)
      case "curve": try PowerCurve.run(seeds, threads: threads, plots: plots)
      default: fatalError("there is no study '\(question)': health, null, favouritism, power, curve")
      }
    }
  }
}

/// One organisation, scored.
struct Trial {
  let truth: SimulationTruth
  let assessment: Assessment

  /// Simulates, writes, reads back and scores.
  init(_ settings: SimulationSettings) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rapport-study-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var organisation = try simulate(settings)
    organisation.truth.plantHealth { values in
      Health.composite(
        indicatorValues: Dictionary(
          uniqueKeysWithValues: values.compactMap { name, value in Indicator(rawValue: name).map { ($0, value) } }))
    }
    try organisation.write(to: folder)
    truth = organisation.truth
    var configuration = Configuration()
    let toml = try Data(contentsOf: URL(fileURLWithPath: folder + "/rapport.toml"))
    try configuration.read(String(decoding: toml, as: UTF8.self), name: "rapport.toml", folder: folder)
    let loaded = try load([.path(folder + "/events.csv")], configuration: configuration)
    assessment = try assess(loaded.history, options: configuration.assessmentOptions)
  }

  /// Managers' truth and assessment, side by side.
  var managers: [(truth: SimulationTruth.ManagerTruth, assessment: ManagerAssessment)] {
    let found = Dictionary(uniqueKeysWithValues: assessment.managers.map { ($0.id, $0) })
    return truth.managers.compactMap { truth in found[truth.id].map { (truth, $0) } }
  }
}

/// How estimates compare with truths.
struct Agreement {
  private(set) var estimates: [Double] = []
  private(set) var truths: [Double] = []
  private var covered = 0

  mutating func add(_ estimate: Estimate, truth: Double) {
    estimates.append(estimate.value)
    truths.append(truth)
    if estimate.low <= truth && truth <= estimate.high { covered += 1 }
  }

  var count: Int { estimates.count }
  /// Share of intervals that hold the truth.
  var coverage: Double { Double(covered) / Double(max(count, 1)) }
  /// Mean of estimate − truth.
  var bias: Double { zip(estimates, truths).reduce(0) { $0 + $1.0 - $1.1 } / Double(max(count, 1)) }
  /// Pearson's correlation.
  var correlation: Double {
    let n = Double(count)
    let (a, b) = (estimates.reduce(0, +) / n, truths.reduce(0, +) / n)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(estimates, truths) {
      ab += (x - a) * (y - b)
      aa += (x - a) * (x - a)
      bb += (y - b) * (y - b)
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }
}

/// A number as text, right-aligned by Markdown.
func text(_ value: Double, _ digits: Int = 2) -> String { String(format: "%.\(digits)f", value) }
