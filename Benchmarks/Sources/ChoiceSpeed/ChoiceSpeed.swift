import Foundation
import PeerScripts
import RapportNumerics

/// Times the queue-choice model against survival's `coxph` on the same choice sets with the same terms: an effect for each
/// unit and each column, a stratum for each pick.
///
///     OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks ChoiceSpeed [--sets N] [--runs N]
///
/// One chooser's queue of eight open items on average, whose units are 40 (those of one partner) or 300 (an inbox that
/// everybody writes to). CPU seconds of the fit on either side, of `coxph` its design included, one thread, medians of alternating runs. Priors are so wide that both
/// maximise the same likelihood: effects, and the columns' standard errors, have to agree to 1e-4 of these errors. Needs Rscript with survival
/// (Debian: r-base-core r-cran-survival).
@main struct ChoiceSpeed {
  static func main() throws {
    let arguments = CommandLine.arguments
    func number(_ name: String, _ value: Int) -> Int {
      arguments.firstIndex(of: name).flatMap { i in arguments.dropFirst(i + 1).first.flatMap(Int.init) } ?? value
    }
    let (count, runs) = (number("--sets", 20_000), number("--runs", 5))
    print(
      "| units | columns | sets | open items in them | Rapport, CPU s | coxph, CPU s | times | largest difference |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for units in [40, 300] {
      let queue = Queue(units: units, picks: count, seed: 1)
      let table = try queue.sets.table()
      defer { try? FileManager.default.removeItem(at: table) }
      var own: [Fit] = []
      var peer: [Fit] = []
      for _ in 0..<runs {
        own.append(Fit(queue.sets))
        peer.append(try Fit(survival: table))
      }
      let difference = own[0].largestDifference(from: peer[0])
      guard difference < 1e-4 else { fatalError("estimates or errors differ by \(difference)") }
      let (mine, theirs) = (Self.median(own.map(\.seconds)), Self.median(peer.map(\.seconds)))
      print(
        "| \(units) | \(queue.sets.columnCount) | \(queue.sets.count) | \(queue.sets.items.count) | "
          + String(format: "%.3f | %.2f | %.0f | %.0e |", mine, theirs, theirs / mine, difference))
    }
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

/// A queue out of which somebody picks by the model.
struct Queue {
  private(set) var sets: ChoiceSets

  /// How long items wait (log hours), whether they are overdue, two priorities beside the usual one, four topics beside the first.
  private static let columns = [0.6, 0.5, 0.8, -0.5, 0.2, -0.1, 0.1, -0.2]

  init(units: Int, picks: Int, seed: UInt64) {
    var sets = ChoiceSets(unitCount: units, denseCount: 1, flagCount: 1, categoryCount: 2, columnCount: 8)
    var stream = RandomStream(seed: seed, purpose: "choice speed")
    let effects = (0..<units).map { _ in 0.4 * stream.normal() }
    var open: [(item: Int, since: Double)] = []
    var now = 0.0
    for _ in 0..<picks {
      let wanted = 5 + stream.integer(below: 7)
      while open.count < wanted {
        now += stream.uniform()
        open.append((sets.itemUnits.count, now))
        sets.itemUnits.append(Int32(stream.integer(below: units)))
        let (priority, topic) = (stream.integer(below: 3), stream.integer(below: 5))
        sets.itemColumns += [priority == 0 ? -1 : Int32(1 + priority), topic == 0 ? -1 : Int32(3 + topic)]
      }
      now += stream.uniform()
      let waited = open.map { Float(log(1 + now - $0.since)) }
      let flags = waited.map { UInt8($0 > 2 ? 1 : 0) }
      let odds = open.indices.map { i in
        let item = open[i].item
        var eta = effects[Int(sets.itemUnits[item])] + Self.columns[0] * Double(waited[i])
        if flags[i] == 1 { eta += Self.columns[1] }
        for column in sets.itemColumns[2 * item...2 * item + 1] where column >= 0 { eta += Self.columns[Int(column)] }
        return exp(eta)
      }
      let picked = stream.category(weights: odds)
      for i in [picked] + open.indices.filter({ $0 != picked }) {
        sets.items.append(Int32(open[i].item))
        sets.dense.append(waited[i])
        sets.flags.append(flags[i])
      }
      sets.starts.append(sets.items.count)
      open.remove(at: picked)
    }
    self.sets = sets
  }
}

extension ChoiceSets {
  /// A file with a row per alternative: its set, whether it was picked, its unit, its columns.
  func table() throws -> URL {
    var lines = ["set,picked,unit," + (0..<columnCount).map { "c\($0)" }.joined(separator: ",")]
    for set in 0..<count {
      for alternative in starts[set]..<starts[set + 1] {
        var columns = [String](repeating: "0", count: columnCount)
        forEachColumn(alternative) { column, value in columns[column] = "\(value)" }
        let picked = alternative == starts[set] ? 1 : 0
        lines.append("\(set),\(picked),\(unit(alternative)),\(columns.joined(separator: ","))")
      }
    }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("choice-speed-\(getpid()).csv")
    try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    return file
  }
}

/// What a fit took, and what it found: columns, then the units' effects against the first unit's.
struct Fit {
  private(set) var seconds: Double
  private var effects: [Double]
  /// Of the columns.
  private var errors: [Double]

  /// The queue-choice model, without what a prior would add, and with every pick taken as it is.
  init(_ sets: ChoiceSets) {
    var model = QueueChoiceModel()
    model.priorDeviation = 1000
    model.setsLapsesAside = false
    let start = clock()
    let fit = model.fit(
      sets, means: [Double](repeating: 0, count: sets.columnCount),
      variances: [Double](repeating: model.unitVariance, count: sets.columnCount))
    seconds = Double(clock() - start) / 1e6
    effects = fit.columns + fit.units.dropFirst().map { $0 - fit.units[0] }
    errors = fit.columnCovariance.diagonal.map { $0.squareRoot() }
  }

  /// `coxph`, as choice_peers.R runs it.
  init(survival table: URL) throws {
    let lines = try RScript("choice_peers.R").run([table.path]).map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
    guard lines.count == 3, lines[0].count == 1 else { fatalError("choice_peers.R gave \(lines.count) lines") }
    (seconds, effects, errors) = (lines[0][0], lines[1], lines[2])
  }

  /// Of effects, and of the columns' standard errors, relative to these.
  func largestDifference(from other: Fit) -> Double {
    precondition(effects.count == other.effects.count && errors.count == other.errors.count, "other terms")
    let least = other.errors.min() ?? 1
    let apart =
      zip(effects, other.effects).map { abs($0 - $1) / least } + zip(errors, other.errors).map { abs($0 - $1) / $1 }
    return apart.allSatisfy(\.isFinite) ? apart.max() ?? 0 : .infinity
  }
}
