extension Ledger {
  /// Brings the names of a file that an earlier version wrote to the form that names have now (``NameForm``).
  ///
  /// Spellings of one category become one. Two spellings of a person were two people, and what was left out because a case
  /// seemed to be another manager's can't be brought back. Where two tellings of one step differ, the one that stays was chosen by
  /// the spelling that was read.
  ///
  /// - Throws: ``IngestionError`` of kind `unusable`: a person in two spellings.
  mutating func composeNames(path: String) throws(IngestionError) {
    var composed: [[UInt32: [UInt8]]] = []
    for space in NameSpace.allCases {
      var changed: [UInt32: [UInt8]] = [:]
      for code in 0..<(space.holdsNames ? names[space.rawValue].count : 0) {
        changed[UInt32(code)] = names[space.rawValue].withBytes(of: code) { NameForm.composed($0) }
      }
      composed.append(changed)
    }
    if composed.allSatisfy(\.isEmpty) { return }
    var newCodes: [[UInt32]] = []
    for space in NameSpace.allCases {
      let texts = (0..<names[space.rawValue].count).map { code in
        composed[space.rawValue][UInt32(code)] ?? names[space.rawValue].withBytes(of: code) { Array($0) }
      }
      var sorted = Identifiers()
      var codes = [UInt32](repeating: 0, count: texts.count)
      var last: [UInt8]?
      for code in texts.indices.sorted(by: { texts[$0].lexicographicallyPrecedes(texts[$1]) }) {
        if texts[code] != last {
          texts[code].withUnsafeBytes { sorted.append($0) }
        } else if space.isOfPeople {
          let name = String(decoding: texts[code], as: UTF8.self).printable
          throw IngestionError(
            .unusable,
            "\(path): the \(space == .manager ? "manager" : "partner") '\(name)' stands in the ledger in two Unicode forms, and was "
              + "taken for two people when it was made; ingest the events again")
        }
        last = texts[code]
        codes[code] = UInt32(sorted.count - 1)
      }
      names[space.rawValue] = sorted
      newCodes.append(codes)
    }
    recode(newCodes)
    var merged = TupleInterner()
    let newCategories = categories.map { merged.intern($0) }
    categories = merged.tuples
    renumber(parties: parties.indices.map { UInt32($0) }, categories: newCategories)
    for table in tables.indices { tables[table].steps = CaseTable.canonical(tables[table].steps) }
    keepUsedTuples()
  }
}
