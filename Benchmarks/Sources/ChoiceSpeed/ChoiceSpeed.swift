import Foundation
import Peers
import RapportNumerics

/// Job (d): times the queue-choice model against survival's `coxph` on the same choice sets with the same terms: an effect for
/// each unit and each column, a stratum for each pick.
///
///     OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks ChoiceSpeed [--sets N] [--runs N] \
///       [--results FILE]
///
/// One chooser's queue of eight open items on average, whose units are 40 (those of one partner) or 300 (an inbox that everybody
/// writes to; `coxph` takes a minute, so that a third of the runs are enough). Seconds of the fit on either side, of `coxph` its design included, one thread, alternating
/// runs. Priors are so wide that both maximise the same likelihood: effects, and the columns' standard errors, have to agree to 1e-4
/// of these errors. Needs Rscript with survival (Debian: r-base-core r-cran-survival).
@main struct ChoiceSpeed {
  static func main() throws {
    let (count, runs) = (PeerTable.number("--sets", 20_000), PeerTable.number("--runs", 5))
    let peers = try PeerTable(job: "d")
    for (units, runs) in [(40, runs), (300, max(1, runs / 3))] {
      let queue = Queue(units: units, picks: count, seed: 1)
      let table = try queue.sets.table()
      defer { try? FileManager.default.removeItem(at: table) }
      var (own, other): ([TimedRun], [TimedRun]) = ([], [])
      var difference = 0.0
      for _ in 0..<runs {
        let (mine, theirs) = (Fit(queue.sets), try Fit(survival: table))
        difference = max(difference, mine.largestDifference(from: theirs))
        own.append(mine.run)
        other.append(theirs.run)
      }
      guard difference < 1e-4 else { fatalError("estimates or errors differ by \(difference)") }
      try peers.add(
        "\(PeerTable.grouped(queue.sets.count)) picks of \(units) units, \(PeerTable.grouped(queue.sets.items.count)) open items, \(queue.sets.columnCount) columns",
        peer: "survival", own: own, other: other, difference: String(format: "%.0e of a standard error", difference))
    }
  }
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
      let flags = waited.map { UInt16($0 > 2 ? 1 : 0) }
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
  let run: TimedRun
  /// Standard errors of the columns.
  private let errors: [Double]
  private var effects: [Double] { run.found }

  /// The queue-choice model, without what a prior would add, and with every pick taken as it is.
  init(_ sets: ChoiceSets) {
    var model = QueueChoiceModel()
    model.priorDeviation = 1000
    model.setsLapsesAside = false
    var errors: [Double] = []
    run = TimedRun.measure {
      let fit = model.fit(
        sets, means: [Double](repeating: 0, count: sets.columnCount),
        variances: [Double](repeating: model.unitVariance, count: sets.columnCount))
      errors = fit.columnCovariance.diagonal.map { $0.squareRoot() }
      return fit.columns + fit.units.dropFirst().map { $0 - fit.units[0] }
    }
    self.errors = errors
  }

  /// `coxph`, as choice_peers.R runs it.
  init(survival table: URL) throws {
    let results = try PeerScript("choice_peers.R").results([table.path])
    guard let effects = results["effects"], let errors = results["errors"] else {
      fatalError("choice_peers.R: no result")
    }
    (run, self.errors) = (effects, errors.found)
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
