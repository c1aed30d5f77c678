import RapportNumerics
import RapportScoring

/// A factor analysis of a table's columns, or of a table that is a correlation matrix.
///
/// What `rapport fit factors` does, by the method of `rapport factors` (METHODS.md §11).
public struct TableFactorModel: Sendable, Equatable {
  /// The columns to analyse; one element may hold several, separated by commas. Empty: all columns of numbers.
  public var columns: [String] = []
  /// Whether the table is a correlation or covariance matrix; a column of text is taken for the variables' names.
  public var isCorrelation = false
  /// Rows that a correlation matrix rests on.
  public var observations: Int?
  /// How many factors; by parallel analysis unless given.
  public var factors: Int?
  /// Maximum likelihood unless given, and minimum residuals where that has no proper solution.
  public var extraction: FactorExtraction?
  /// Oblique, because what people do is correlated.
  public var rotation = FactorRotation.oblimin()
  /// Bootstrap draws behind the intervals of loadings, ω and α; 0 makes none, nor does a correlation matrix.
  public var bootstrapDraws = 500
  /// Where every random number starts.
  public var seed: UInt64 = 1
  /// How many work; they don't change the result.
  public var threads = 1

  /// A model with the usual settings.
  public init() {}

  /// Fits the model.
  ///
  /// - Throws: ``/RapportIngestion/IngestionError``: of kind `usage` for columns and options that don't exist or contradict each other, of
  ///   kind `unusable` for values that can't be used.
  public func fit(_ table: Table) throws -> TableFactorFit {
    if isCorrelation != (observations != nil) {
      throw IngestionError(
        .usage,
        isCorrelation
          ? "--correlation needs --observations N: how many rows the correlations rest on"
          : "--observations goes with --correlation only; the rows of a table are counted")
    }
    if let observations, observations < 1 {
      throw IngestionError(.usage, "--observations: found \(observations), expected a number of rows, 1 or more")
    }
    if let factors, factors < 1 {
      throw IngestionError(.usage, "--factors: found \(factors), expected auto or 1 or more")
    }
    var frame = try ModelFrame(table)
    var notes: [String] = []
    let chosen = try choose(&frame, &notes)
    guard chosen.count >= 3 else {
      throw IngestionError(
        .usage, "\(table.name): \(Figure.count(chosen.count, "column")) of numbers; a factor needs at least three")
    }
    let largest = FactorAnalysis.largestNumberOfFactors(variables: chosen.count)
    if let factors, factors > largest {
      throw IngestionError(
        .usage,
        "--factors: \(chosen.count) variables can identify at most \(Figure.count(largest, "factor")), not \(factors)")
    }
    do throws(NumericsError) {
      var settings = FactorStudySettings(seed: seed, threads: threads)
      settings.factors = factors
      settings.extraction = extraction
      settings.rotation = rotation
      settings.bootstrapDraws = bootstrapDraws
      let names = chosen.map(\.name)
      var moments: SampleMoments?
      var values: [[Double?]] = []
      let correlation: Matrix
      var rows = UsedRows(read: table.rows.count, used: table.rows.count, missing: [:])
      if isCorrelation {
        correlation = try matrix(chosen, table)
      } else {
        try Self.requireRows(table, chosen)
        values = table.rows.indices.map { row in chosen.map { $0.isMissing[row] ? nil : $0.numbers[row] } }
        let own = try SampleMoments(missing: values, names: names)
        moments = own
        correlation = own.correlation
        rows.used = own.observations
        if rows.used < rows.read {
          notes.append(
            "\(Figure.count(rows.read - rows.used)) of \(Figure.count(rows.read, "row")) left out because nothing stands in them"
          )
        }
        for column in chosen {
          let missing = column.isMissing.count { $0 }
          if missing > 0 { rows.missing[column.name] = missing }
        }
      }
      if let dependence = LinearDependence.all(in: correlation).first {
        throw .invalidInput(dependence.description(names: names))
      }
      let orientation = try VariableOrientation(correlation: correlation)
      settings.orientation = orientation
      let reversed = orientation.reversed.map { names[$0] }
      if !reversed.isEmpty {
        notes.append(
          "\(ModelFrame.some(reversed)) \(reversed.count == 1 ? "runs" : "run") against the others, and "
            + "\(reversed.count == 1 ? "is" : "are") turned round for α and ω and what each variable adds to a sum")
      }
      var study =
        if let moments {
          try settings.study(moments, variables: names)
        } else {
          try settings.study(correlation: correlation, observations: observations ?? 0, variables: names)
        }
      if study.factors > 0 {
        notes += Self.withholdFit(of: &study, correlation, names)
        if let moments {
          let rows = values.filter { row in row.contains { $0 != nil } }
          settings.addIntervals(to: &study, rows: rows, moments, unit: "rows")
        }
      }
      if study.factors == 0 {
        guard factors == nil else {
          throw .invalidInput("neither method has a solution with \(factors ?? 0) factors; try fewer")
        }
        notes.append("no factor stands out from chance; --factors K fits some all the same")
      }
      let isComplete = moments.map { $0.treatment == .complete } ?? true
      let items = try ItemAnalysis(
        correlation: orientation.applied(to: correlation), observations: isComplete ? study.observations : nil)
      return TableFactorFit(
        self, study, rows: rows, reversed: reversed, items: items,
        simpleStructure: try? VerySimpleStructure(
          correlation: correlation, limit: Self.largestCompared(names.count), seed: seed), notes: notes)
    } catch {
      throw IngestionError(.unusable, "\(table.name): \(Self.description(of: error))")
    }
  }

  /// What happened, with a cure that the command line has.
  static func description(of error: NumericsError) -> String {
    guard case .didNotConverge(let method, let iterations) = error else { return error.description }
    return "\(method) did not converge in \(iterations) iterations; try fewer --factors, or the other --extraction"
  }

  /// Rows with at least one value have to outnumber the columns.
  private static func requireRows(_ table: Table, _ columns: [TableColumn]) throws(NumericsError) {
    let count = table.rows.indices.count { row in columns.contains { !$0.isMissing[row] } }
    guard count <= columns.count else { return }
    throw .invalidInput(
      "\(Figure.count(count, "row")) with values in \(columns.count) columns (\(ModelFrame.some(columns.map(\.name)))): "
        + "factors need more rows than columns; name fewer with --columns")
  }

  /// The most factors that very simple structure is shown for.
  private static func largestCompared(_ variables: Int) -> Int {
    max(1, min(8, FactorAnalysis.largestNumberOfFactors(variables: variables)))
  }

  /// Withholds what rests on the likelihood where others determine a variable.
  ///
  /// A uniqueness can't exceed 1 − R², what the others leave of a variable. Below the smallest uniqueness that is allowed
  /// the model can't hold, and χ² measures that only.
  private static func withholdFit(of study: inout FactorStudy, _ correlation: Matrix, _ names: [String]) -> [String] {
    let smallest = FactorExtraction.smallestUniqueness
    var notes: [String] = []
    if let dependence = LinearDependence.all(in: correlation, leaving: smallest).first {
      study.withholdFit()
      notes.append("\(dependence.description(names: names)); χ² and the indices that rest on it are withheld")
    }
    return notes
  }

  /// The columns that take part.
  private func choose(_ frame: inout ModelFrame, _ notes: inout [String]) throws(IngestionError) -> [TableColumn] {
    let named = frame.names(columns)
    var chosen: [TableColumn] = []
    var texts: [String] = []
    for (place, name) in (named.isEmpty ? frame.table.header : named).enumerated() {
      let column = try frame.column(name, for: "--columns")
      if named[..<min(place, named.count)].contains(name) {
        throw IngestionError(.usage, "--columns: '\(name)' is given twice; leave one out")
      }
      if named.isEmpty, !column.isNumeric {
        // The first column of a matrix may hold names, and those may be numbers but for a few.
        if !isCorrelation || place > 0 { try Self.requireWords(column) }
        texts.append(name)
        continue
      }
      try column.requireNumbers(for: "a variable")
      let numbers = column.numbers.filter { !$0.isNaN }
      // Covariances may all be alike.
      if !isCorrelation, let row = column.isMissing.firstIndex(of: false),
        numbers.allSatisfy({ $0 == column.numbers[row] })
      {
        throw IngestionError(
          .unusable, "\(frame.table.name): column '\(name)' is always \(column.fields[row]); leave it out")
      }
      chosen.append(column)
    }
    if !texts.isEmpty, !isCorrelation {
      notes.append("columns without numbers take no part: \(ModelFrame.some(texts))")
    }
    return chosen
  }

  /// Expects that a column which takes no part holds words, not numbers with an odd field among them.
  private static func requireWords(_ column: TableColumn) throws(IngestionError) {
    guard let first = column.firstText else { return }
    let cure = "name the others with --columns where it is to be left out"
    try column.requireNoCommasInNumbers(orElse: cure)
    let numberCount = column.isMissing.count { !$0 } - column.textCount
    guard numberCount < column.textCount else {
      throw IngestionError(
        .unusable,
        "\(column.place(first)): column '\(column.name)': found '\(column.fields[first])' among numbers; mend it, or "
          + cure)
    }
  }

  /// The matrix that the table is, scaled to correlations.
  private func matrix(_ columns: [TableColumn], _ table: Table) throws(NumericsError) -> Matrix {
    let p = columns.count
    guard table.rows.count == p, self.columns.isEmpty else {
      throw .invalidInput(
        "--correlation: \(table.rows.count) rows and \(p) columns of numbers; a correlation matrix is square, and whole"
      )
    }
    for (j, column) in columns.enumerated() {
      guard let i = column.isMissing.firstIndex(of: true) else { continue }
      throw .invalidInput(
        "nothing stands where '\(columns[i].name)' meets '\(columns[j].name)'; expected a whole matrix, with both triangles"
      )
    }
    let matrix = Matrix(columns: columns.map(\.numbers))
    for j in 0..<p {
      guard matrix[j, j] > 0 else {
        throw .invalidInput("the variance of '\(columns[j].name)' is \(matrix[j, j]), expected above 0")
      }
      for i in 0..<j {
        let scale = (matrix[i, i] * matrix[j, j]).squareRoot()
        guard abs(matrix[i, j] - matrix[j, i]) <= 1e-8 * scale, abs(matrix[i, j]) <= scale else {
          throw .invalidInput(
            "'\(columns[i].name)' with '\(columns[j].name)' is \(matrix[i, j]) in one place and \(matrix[j, i]) in the other; "
              + "expected one number, no correlation beyond 1")
        }
      }
    }
    return matrix.correlationFromCovariance
  }
}
