/// The column that says whether the event happened.
///
/// 1 and 0, true and false, yes and no; 2 and 1, where 2 is the event, as R has it; or, with `column=value`, whether the
/// column holds that value.
struct EventColumn {
  /// The column's name.
  let column: String
  /// The value that stands for the event, where one was named.
  let value: String?
  private let fields: TableColumn

  /// Finds the column.
  init(_ text: String, in frame: inout ModelFrame) throws(IngestionError) {
    let table = frame.table
    let isColumn = table.position(of: text) != nil
    let split =
      isColumn ? nil : text.indices.first { text[$0] == "=" && table.position(of: String(text[..<$0])) != nil }
    column = split.map { String(text[..<$0]) } ?? text
    value = split.map { String(text[text.index(after: $0)...]) }
    fields = try frame.column(column, for: "--event")
  }

  /// Whether the event happened, in each row that is used.
  ///
  /// - Throws: ``/RapportIngestion/IngestionError`` of kind `unusable` where that can't be told.
  func values(_ frame: inout ModelFrame) throws(IngestionError) -> [Bool] {
    let texts = frame.values(fields.fields)
    if let value {
      guard texts.contains(value) else {
        let found = Set(texts).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        throw IngestionError(
          .unusable,
          "--event: '\(column)' is never '\(value)'\(NearestWord.suggestion(for: value, among: found)); it holds "
            + ModelFrame.some(found))
      }
      return texts.map { $0 == value }
    }
    if fields.isNumeric {
      let numbers = frame.values(fields.numbers)
      let distinct = Set(numbers)
      if distinct.isSubset(of: [0, 1]) { return numbers.map { $0 == 1 } }
      if distinct == [1, 2] {
        frame.tell("'\(column)' holds 1 and 2: 2 is the event")
        return numbers.map { $0 == 2 }
      }
    } else {
      let lower = texts.map { $0.lowercased() }
      for (yes, no) in [("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n")]
      where lower.allSatisfy({ $0 == yes || $0 == no }) {
        return lower.map { $0 == yes }
      }
    }
    let odd = frame.rows.first { !["0", "1"].contains(fields.fields[$0]) } ?? frame.rows[0]
    let hint =
      Set(texts).count <= 10
      ? "--event '\(column)=\(fields.fields[odd])' makes that value the event" : "name the column that says so"
    throw IngestionError(
      .unusable,
      "\(fields.place(odd)): column '\(column)': found '\(fields.fields[odd])', expected 1 where the event happened and 0 "
        + "where not; \(hint)")
  }
}
