/// Where the contract's columns stand in an event log of the usual shape: nothing mapped, no profile's values or formats.
///
/// Rows of such logs take the short way (``CaseStoreWriter``); what is unusual about a single row sends that row the long
/// way (``RowReader``), so that the two can't disagree about anything but speed.
struct PlainLayout: Sendable {
  /// Positions of columns among the fields of a ``PlainRecord``; −1 where the log has none.
  let timestamp, kind, manager, partner, actor, caseKey, topic, priority, channel, due, value, recordedAt, id: Int
  /// The position of the last column, whose end is its record's; −2 where every field has an end of its own.
  let last: Int
  /// Whether any byte of the chunk that is read may be other than ASCII.
  var holdsHighBytes = false

  /// - Returns: `nil` for a layout that isn't plain.
  init?(_ layout: InputLayout, options: ReadingOptions) {
    guard !layout.isCaseTable, layout.constants.isEmpty,
      layout.fields.allSatisfy({ $0.values == nil && $0.otherwise == nil }),
      options.profile?.nulls.isEmpty ?? true, options.profile?.timeFormats.isEmpty ?? true
    else { return nil }
    func position(_ column: ContractColumn) -> Int {
      guard let index = layout.fields.first(where: { $0.column == column })?.index else { return -1 }
      // Values of JSON have gaps before them; see `JSONLineScanner`.
      return layout.format == .json ? 2 * index + 1 : index
    }
    timestamp = position(.timestamp)
    kind = position(.kind)
    manager = position(.manager)
    partner = position(.partner)
    actor = position(.actor)
    caseKey = position(.caseKey)
    topic = position(.topic)
    priority = position(.priority)
    channel = position(.channel)
    due = position(.due)
    value = position(.value)
    recordedAt = position(.recordedAt)
    id = position(.id)
    // The line's end may belong to the last field of a delimited record, and to no field of a JSON line.
    last = layout.format == .json ? -2 : layout.header.count - 1
    if timestamp < 0 || kind < 0 || manager < 0 { return nil }
  }
}

/// A record as it stands: where its fields end.
struct PlainRecord {
  /// The chunk that holds the fields. At least ``TextRegion/padding`` bytes are readable behind it.
  let bytes: UnsafeRawPointer
  /// The ends of the record's fields; before the first stands the end of the record before, or −1.
  let ends: UnsafePointer<UInt32>
  /// Where the record's text begins, and where it ends without its line's end, counted from `bytes`.
  let start: Int
  let end: Int
}
