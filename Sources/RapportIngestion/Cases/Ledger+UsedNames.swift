extension Ledger {
  /// Whether names stand for nobody and nothing that counts: those of superseded and refused rows alone, such as a partner whose every
  /// case was passed on before it was answered.
  ///
  /// With linked events it isn't known: their rows keep few of the names that steps have, and whoever is named in a step alone
  /// is listed all the same.
  var holdsUnusedNames: Bool { counts.linkedRows == 0 && supersededRows + repeatedCaseRows > 0 }

  /// Leaves out the names that no row has; refused requests lose their managers.
  ///
  /// Only to tell a history, after all merging: whether a name is one of a superseded row alone isn't known before.
  mutating func keepUsedNames() {
    var used = names.map { [Bool](repeating: false, count: $0.count) }
    func use(_ code: UInt32, _ space: NameSpace) {
      if code != CodeTuple.none { used[space.rawValue][Int(code)] = true }
    }
    for tuple in parties {
      use(tuple.first, .manager)
      use(tuple.second, .partner)
      use(tuple.third, .partner)
      if tuple.flags != 0 { use(tuple.flags - 1, .escalated) }
    }
    for tuple in categories {
      use(tuple.first, .topic)
      use(tuple.second, .priority)
      use(tuple.third, .channel)
    }
    for table in tables[..<Self.caseTableIndex] { for step in table.steps { use(step.person, .partner) } }

    var newCodes: [[UInt32]] = []
    for space in names.indices {
      var kept = Identifiers()
      var codes = [UInt32](repeating: CodeTuple.none, count: names[space].count)
      for code in codes.indices where used[space][code] {
        codes[code] = UInt32(kept.count)
        names[space].withBytes(of: code) { kept.append($0) }
      }
      newCodes.append(codes)
      names[space] = kept
    }
    recode(newCodes)
  }
}
