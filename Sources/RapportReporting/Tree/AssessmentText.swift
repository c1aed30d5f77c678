import RapportScoring

extension Assessment {
  /// `assessment.json`: everything, keys sorted, row by row.
  ///
  /// - Parameter threads: how many work; they can't change a byte.
  /// - Throws: `EncodingError` where a number isn't finite, which is a defect.
  public func json(threads: Int = 1) throws -> FileText {
    var frame = self
    frame.managers = []
    frame.pairs = []
    frame.favouritism.pairs = []
    frame.trends.managers = []
    let rows = [
      "managers": LazyRows(managers), "pairs": LazyRows(pairs), "favouritism.pairs": LazyRows(favouritism.pairs),
      "trends.managers": LazyRows(trends.managers),
    ]
    return try JSONValue(encoding: frame).text(with: rows, threads: threads)
  }
}
