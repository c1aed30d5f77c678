/// Keeps rows as the text of their cells, one column per leaf, nested keys joined by a dot.
///
/// Rows are mostly told with the same keys in the same order: so a key is looked for behind the one before it first.
final class RowCells: JSONSink {
  /// A cell of a row: its column and where its text ends; it begins where the one before ends.
  struct Cell {
    enum Kind: UInt8 {
      /// A number or truth value, which no reader takes for anything else.
      case plain
      case text
      /// Compact JSON.
      case list
    }
    var column: Int32
    var kind: Kind
    var end: Int32
  }
  // Millions of small accesses, none of which can meet another: looking out for such took a third of the writing.

  /// In the order of their first appearance.
  @exclusivity(unchecked) private(set) var columns: [String] = []
  @exclusivity(unchecked) private(set) var text: [UInt8] = []
  @exclusivity(unchecked) private(set) var cells: [Cell] = []
  /// Where the cells of each row end.
  @exclusivity(unchecked) private(set) var rowEnds: [Int] = []

  /// A key with those before it.
  private struct Place {
    var path: String
    /// `nil` as long as nothing but objects stood there.
    var column: Int32?
    /// What is nested in it, in the order of first appearance.
    var nested: [(key: String, place: Int)] = []
    var byKey: [String: Int] = [:]
    /// The position in `nested` behind the one found last.
    var next = 0
  }
  @exclusivity(unchecked) private var places = [Place(path: "")]
  /// Open objects.
  @exclusivity(unchecked) private var open: [Int] = []
  /// Where the next value stands.
  @exclusivity(unchecked) private var current = 0
  /// Open arrays: each goes into one cell of compact JSON.
  @exclusivity(unchecked) private var arrays = 0
  private let array = JSONTextSink()

  /// Ends a row.
  func endRow() {
    rowEnds.append(cells.count)
    (current, arrays) = (0, 0)
    open.removeAll(keepingCapacity: true)
  }

  /// The place of a key in the object that is open.
  private func place(_ key: String) -> Int {
    let parent = open[open.count - 1]
    let next = places[parent].next
    if next < places[parent].nested.count, places[parent].nested[next].key == key {
      places[parent].next = next + 1
      return places[parent].nested[next].place
    }
    if let position = places[parent].byKey[key] {
      places[parent].next = position + 1
      return places[parent].nested[position].place
    }
    let place = places.count
    places.append(Place(path: parent == 0 ? key : places[parent].path + "." + key))
    places[parent].byKey[key] = places[parent].nested.count
    places[parent].nested.append((key, place))
    places[parent].next = places[parent].nested.count
    return place
  }

  /// The column of what stands here; none at the row itself.
  private func column() -> Int32? {
    guard current != 0 else { return nil }
    if let column = places[current].column { return column }
    let column = Int32(columns.count)
    columns.append(places[current].path)
    places[current].column = column
    return column
  }

  @inline(__always) private func add(_ kind: Cell.Kind = .plain, _ write: (inout [UInt8]) -> Void) {
    guard let column = column() else { return }
    write(&text)
    cells.append(Cell(column: column, kind: kind, end: Int32(text.count)))
  }

  override func key(_ key: String) { if arrays > 0 { array.key(key) } else { current = place(key) } }
  /// A column without a cell in this row.
  override func null() { if arrays > 0 { array.null() } else { _ = column() } }
  override func bool(_ value: Bool) {
    if arrays > 0 { array.bool(value) } else { add { $0.append(value ? "true" : "false") } }
  }
  override func integer(_ value: Int64) {
    if arrays > 0 { array.integer(value) } else { add { $0.append(json: value) } }
  }
  override func number(_ value: Double) {
    if arrays > 0 { array.number(value) } else { add { $0.append(json: value) } }
  }
  override func string(_ value: String) {
    if arrays > 0 { array.string(value) } else { add(.text) { $0.append(value) } }
  }
  override func beginObject() {
    if arrays > 0 { return array.beginObject() }
    places[current].next = 0
    open.append(current)
  }
  override func endObject() { if arrays > 0 { array.endObject() } else { current = open.removeLast() } }
  override func beginArray() {
    arrays += 1
    array.beginArray()
  }
  override func endArray() {
    array.endArray()
    arrays -= 1
    if arrays == 0 {
      let bytes = array.take()
      add(.list) { $0 += bytes }
    }
  }
}
