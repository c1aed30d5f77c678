import RapportScoring

/// The columns in which the terminal and the page show pairs' findings.
struct PairColumn {
  var heading: String
  var isNumber = true
  /// When a narrow terminal leaves it out (``ConsoleTable/Column``).
  var leavesAt: Int?
  var cell: (PairFinding) -> String

  /// The columns that these pairs fill.
  ///
  /// - Parameter pairs: those that are shown.
  static func all(for pairs: [PairFinding]) -> [PairColumn] {
    func count(_ value: Int?) -> String { value.map { Figure.count($0) } ?? "–" }
    func ratio(_ value: RatioInterval?) -> String { value.map { Figure.ratio($0.ratio) } ?? "–" }
    let hasChoices = pairs.contains { $0.choices != nil }
    var columns = [
      PairColumn(heading: "manager", isNumber: false) { $0.manager },
      PairColumn(heading: "partner", isNumber: false) { $0.partner },
      PairColumn(heading: "ratio") { ratio($0.shown) },
      PairColumn(heading: "interval", leavesAt: 1) { Figure.limits($0.low, $0.high) },
    ]
    if hasChoices {
      columns += [
        PairColumn(heading: "in queues", leavesAt: 4) { Figure.count($0.requests) },
        PairColumn(heading: "picked", leavesAt: 3) { count($0.choices) },
        PairColumn(heading: "overtakes", leavesAt: 5) { count($0.overtakes) },
        PairColumn(heading: "overtaken", leavesAt: 6) { count($0.overtaken) },
        PairColumn(heading: "by waits (above 1: sooner)", leavesAt: 7) { ratio($0.timing) },
      ]
    } else {
      columns.append(PairColumn(heading: "requests", leavesAt: 3) { Figure.count($0.requests) })
    }
    if pairs.contains(where: { $0.cox != nil }) {
      columns.append(PairColumn(heading: "Cox", leavesAt: 8) { ratio($0.cox) })
    }
    return columns + [
      PairColumn(heading: "false sign", leavesAt: 2) {
        $0.choices == nil ? "–" : $0.localFalseSignRate.map(Figure.chance) ?? "–"
      },
      PairColumn(heading: "verdict", isNumber: false) { FavouritismView.words($0) },
      PairColumn(heading: "detectable", leavesAt: 4) { $0.minimumDetectableRatio.map(Figure.ratio) ?? "–" },
    ]
  }
}
