import RapportScoring

extension Assessment {
  /// `assessment.json`: everything, keys sorted, row by row.
  ///
  /// - Throws: `EncodingError` where a number isn't finite, which is a defect.
  public func json() throws -> String {
    var frame = self
    frame.managers = []
    frame.pairs = []
    frame.favouritism.pairs = []
    return try JSONValue(encoding: frame).text(with: [
      "managers": LazyRows(managers), "pairs": LazyRows(pairs), "favouritism.pairs": LazyRows(favouritism.pairs),
    ])
  }
}
