extension TableHazardModel {
  /// When rows come under observation and when they leave, by numbers or by times.
  struct Times {
    private let start: [Double]?
    private let stop: [Double]?
    /// Numbers may carry rounding errors; times of the calendar are exact.
    let areNumbers: Bool

    /// Reads both columns in one manner.
    ///
    /// - Throws: ``/RapportIngestion/IngestionError`` of kind `unusable` where they are neither numbers nor times, or one of each.
    init(start: String?, stop: String?, frame: inout ModelFrame, zone: TimeZoneRules) throws(IngestionError) {
      guard let stop else {
        self.start = nil
        self.stop = nil
        areNumbers = false
        return
      }
      let stops = try frame.column(stop, for: "--stop")
      let starts: TableColumn? = if let start { try frame.column(start, for: "--start") } else { nil }
      if let start, let starts, starts.isNumeric != stops.isNumeric, starts.isMissing.contains(false),
        stops.isMissing.contains(false)
      {
        throw IngestionError(
          .unusable,
          "\(frame.table.name): '\(starts.isNumeric ? start : stop)' holds numbers and "
            + "'\(starts.isNumeric ? stop : start)' doesn't; --start and --stop have to be numbers both, or times both")
      }
      areNumbers = stops.isNumeric
      self.stop = stops.isNumeric ? stops.numbers : try stops.times(in: zone)
      if let starts {
        self.start = starts.isNumeric ? starts.numbers : try starts.times(in: zone)
      } else {
        self.start = nil
      }
    }

    /// Leaves out rows that are never at risk.
    func leaveOutEmptySpans(_ frame: inout ModelFrame) throws(IngestionError) {
      guard let start, let stop else { return }
      try frame.leaveOut({ stop[$0] <= start[$0] }, because: "their stop isn't after their start")
    }

    /// When the rows that are used leave; all at once where no column says.
    func stops(_ frame: ModelFrame) -> [Double] { stop.map(frame.values) ?? frame.rows.map { _ in 1 } }

    /// When they come under observation.
    func starts(_ frame: ModelFrame) -> [Double]? { start.map(frame.values) }
  }
}
