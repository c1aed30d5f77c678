/// Everything that was read, reduced to one row per case: a commutative monoid.
///
/// Merging ledgers that were built from parts of the input, in any order and in any number of parts, gives the same
/// bits as building one ledger from the whole. Nothing in it depends on another row: who held a case when, working time
/// and queues are derived afterwards, by ``history(_:)``.
///
/// It is canonical: identifiers are coded in byte order, cases sorted by a fixed hash of their key, so `==` compares
/// contents.
public struct Ledger: Mergeable {
  /// The report's time zone; `nil` while nothing has been added.
  public internal(set) var timeZone: TimeZoneRules?
  /// The scale that its ratings were read on; `nil` while there are none.
  public internal(set) var surveyScale: ClosedRange<Double>?
  /// SHA-256 of each input, as lower-case hexadecimal digits, sorted.
  public internal(set) var inputs: [String] = []
  /// Rows that could not be used, by reason.
  public var rejects = Rejects.empty
  /// The files that any part was loaded from, sorted, for what is said of them; not part of `==`.
  public internal(set) var loadedFrom: [String] = []
  /// Whether any part was loaded from a file, and so can't be cut at an earlier moment.
  public var isLoaded: Bool { !loadedFrom.isEmpty }
  /// What brought each input here, by its SHA-256: the ledger's file, or the input itself; not part of `==`.
  var origins: [String: String] = [:]

  /// By ``NameSpace``.
  var names = [Identifiers](repeating: Identifiers(), count: NameSpace.allCases.count)
  /// Manager, partner, responder, escalated request; sorted, each used by some row.
  var parties: [CodeTuple] = []
  /// Topic, priority, channel, flags; sorted, each used by some row.
  var categories: [CodeTuple] = []
  /// By ``CaseFamily``; the last table holds the rows of case tables.
  var tables = [CaseTable](repeating: CaseTable(), count: Ledger.tableCount)
  /// Sorted by fingerprint.
  var contacts: [ContactRow] = []
  var counts = RowCounts.empty

  static let tableCount = CaseFamily.allCases.count + 1
  /// Where the rows of case tables are.
  static let caseTableIndex = CaseFamily.allCases.count
  /// The flag of `categories` that says that an impossible time was removed.
  static let excludedFlag: UInt32 = 1

  public static let empty = Ledger()
  init() {}

  /// The family of a table's cases.
  static func family(ofTable index: Int) -> CaseFamily { CaseFamily(rawValue: UInt8(index)) ?? .request }

  /// Where the names are of those whom a table's steps name.
  static func spaceOfPeople(inStepsOf table: Int) -> NameSpace { table == caseTableIndex ? .manager : .partner }

  /// Rows read and kept, ``repeatedCaseRows`` and ``supersededRows`` among them; other refused ones are in ``rejects``.
  public var rowCount: Int { counts.rows }
  /// How many of them no count tells: what ``DataQuality/confidential`` lacks.
  ///
  /// - Complexity: O(n) in contacts.
  var untoldRows: Int {
    contacts.count { row in
      row.isProtected || row.kind == .survey && parties[Int(row.parties)].second == CodeTuple.none
    } % DataQuality.confidentialGroup
  }
  /// Rows read and kept, as reports and messages tell them: ``rowCount`` but for up to four that ``DataQuality/confidential`` lacks.
  public var toldRowCount: Int { rowCount - untoldRows }
  /// Requests of case tables whose case number is also that of a request that was opened before them, or at the same moment by a
  /// manager who sorts first. They are refused, each once: rows that tell one in other states are superseded.
  public var repeatedCaseRows: Int { tables[Self.caseTableIndex].steps.count }
  /// Rows of case tables that tell a request again, in the same state as another row or in an earlier one, as exports that overlap
  /// do.
  public var supersededRows: Int { counts.caseRows - tables[Self.caseTableIndex].rows.count - repeatedCaseRows }
  /// Rows that repeat case, kind, actor and time of another, or kind and `id` of another.
  public var duplicateRows: Int {
    let steps = tables[..<Self.caseTableIndex].reduce(0) { $0 + $1.stepCount }
    return counts.linkedRows - steps + repeatedContactRows
  }
  /// Rows without a case among ``duplicateRows``. Whether they repeat kind and `id` or, without one, the whole row (of what is
  /// said in protection, kind and moment) isn't kept.
  public var repeatedContactRows: Int { counts.contactRows - contacts.count }
  /// Events without a case whose kind and `id` other rows have with another moment, manager or partner; of what is said in protection
  /// nothing is told, and escalations about a request are known by its case.
  ///
  /// - Complexity: O(n) in contacts.
  var sharedIDs: Int {
    contacts.count { $0.isShared && !$0.isProtected && parties[Int($0.parties)].flags == 0 }
  }
  /// Cases of all families; a request that both events and a case table tell is one.
  ///
  /// - Complexity: O(n) in requests where both tell of some.
  public var caseCount: Int {
    let (events, rows) = (tables[Int(CaseFamily.request.rawValue)], tables[Self.caseTableIndex])
    let told = tables.reduce(0) { $0 + $1.rows.count }
    guard !events.rows.isEmpty, !rows.rows.isEmpty else { return told }
    return told - RequestReader.places(events, rows).count { $0.event >= 0 && $0.caseRow >= 0 }
  }

  /// Remembers the SHA-256 of an input that this ledger was built from.
  ///
  /// - Throws: ``IngestionError`` of kind `unusable` when the ledger holds that input already.
  public mutating func remember(input digest: String, named name: String) throws(IngestionError) {
    let digest = digest.lowercased()
    if inputs.contains(digest) {
      throw IngestionError(
        .unusable,
        "\(name): this input was read before, from \(origins[digest] ?? "a ledger") (SHA-256 \(digest.prefix(12))…); an input "
          + "counts once: leave one of them out")
    }
    inputs.append(digest)
    inputs.sort()
    origins[digest] = "'\(name)'"
  }

  /// Adds everything in `other`, after checking that it fits.
  ///
  /// - Throws: ``IngestionError`` of kind `unusable` when the two were built for different time zones or survey scales, or
  ///   share an input, whose events would count twice among rows read.
  public mutating func add(_ other: Ledger) throws(IngestionError) {
    let files = [loadedFrom, other.loadedFrom].map { $0.isEmpty ? "" : " (\($0.joined(separator: ", ")))" }
    if let mine = timeZone, let theirs = other.timeZone, mine.name != theirs.name {
      throw IngestionError(
        .unusable,
        "ledgers of different time zones can't be merged: '\(mine.name)'\(files[0]) and '\(theirs.name)'\(files[1]); ingest "
          + "one of them again with --timezone")
    }
    if let mine = surveyScale, let theirs = other.surveyScale, mine != theirs {
      throw IngestionError(
        .unusable,
        "ledgers of different survey scales can't be merged: '\(mine.words)'\(files[0]) and '\(theirs.words)'\(files[1]); ingest "
          + "one of them again with --survey-scale")
    }
    let known = Set(inputs)
    if let shared = other.inputs.first(where: { known.contains($0) }) {
      let places = [origins[shared], other.origins[shared]].map { $0 ?? "a ledger" }
      throw IngestionError(
        .unusable,
        "the input with SHA-256 \(shared.prefix(12))… is both in \(places[0]) and in \(places[1]); an input counts once: leave one "
          + "of them out")
    }
    merge(other)
  }

  /// Adds everything in `other`.
  ///
  /// Both must have been built for one time zone and one survey scale; ``add(_:)`` checks that and says so to users.
  public mutating func merge(_ other: Ledger) {
    if let mine = timeZone, let theirs = other.timeZone {
      precondition(mine.name == theirs.name, "ledgers of '\(mine.name)' and '\(theirs.name)' can't be merged")
    }
    timeZone = timeZone ?? other.timeZone
    if let mine = surveyScale, let theirs = other.surveyScale {
      precondition(mine == theirs, "ledgers of survey scales \(mine.words) and \(theirs.words) can't be merged")
    }
    surveyScale = surveyScale ?? other.surveyScale
    inputs = (inputs + other.inputs).sorted()
    rejects.merge(other.rejects)
    loadedFrom = Set(loadedFrom + other.loadedFrom).sorted()
    origins.merge(other.origins) { min($0, $1) }
    if other.counts.rows == 0 { return }
    if counts.rows == 0 {
      (counts, names, parties) = (other.counts, other.names, other.parties)
      (categories, tables, contacts) = (other.categories, other.tables, other.contacts)
      return
    }
    counts.merge(other.counts)
    let unions = NameSpace.allCases.map { Identifiers.union(names[$0.rawValue], other.names[$0.rawValue]) }
    var mine = self
    mine.recode(unions.map(\.ofA))
    var theirs = other
    theirs.recode(unions.map(\.ofB))
    names = unions.map(\.0)

    var fold = CaseFold(parties: mine.parties, categories: mine.categories)
    let partyCodes = theirs.parties.map { fold.parties.intern($0) }
    let categoryCodes = theirs.categories.map { fold.categories.intern($0) }
    theirs.renumber(parties: partyCodes, categories: categoryCodes)
    for index in tables.indices {
      tables[index] = CaseTable.merged(
        mine.tables[index], theirs.tables[index], family: Self.family(ofTable: index),
        isCaseTable: index == Self.caseTableIndex, fold: &fold)
      mine.tables[index] = CaseTable()
      theirs.tables[index] = CaseTable()
    }
    parties = fold.parties.tuples
    categories = fold.categories.tuples
    contacts = ContactRow.merged(mine.contacts, theirs.contacts, parties: parties)
    keepUsedTuples()
  }

  /// Replaces identifier codes by new ones; the maps keep the order, so everything sorted stays so.
  mutating func recode(_ newCodes: [[UInt32]]) {
    func new(_ code: UInt32, _ space: NameSpace) -> UInt32 {
      code == CodeTuple.none ? code : newCodes[space.rawValue][Int(code)]
    }
    for index in parties.indices {
      let old = parties[index]
      parties[index] = CodeTuple(
        first: new(old.first, .manager), second: new(old.second, .partner), third: new(old.third, .partner),
        flags: old.flags == 0 ? 0 : new(old.flags - 1, .escalated) + 1)
    }
    for index in categories.indices {
      let old = categories[index]
      categories[index] = CodeTuple(
        first: new(old.first, .topic), second: new(old.second, .priority), third: new(old.third, .channel),
        flags: old.flags)
    }
    for table in tables.indices {
      let space = Self.spaceOfPeople(inStepsOf: table)
      for index in tables[table].steps.indices {
        tables[table].steps[index].person = new(tables[table].steps[index].person, space)
      }
    }
  }

  /// Replaces the numbers by which rows name tuples.
  mutating func renumber(parties newParties: [UInt32], categories newCategories: [UInt32]) {
    for table in tables.indices {
      for index in tables[table].rows.indices {
        let (party, category) = (tables[table].rows[index].parties, tables[table].rows[index].categories)
        tables[table].rows[index].parties = newParties[Int(party)]
        tables[table].rows[index].categories = newCategories[Int(category)]
      }
    }
    for index in contacts.indices { contacts[index].parties = newParties[Int(contacts[index].parties)] }
  }

  /// Sorts the tuples and leaves out those that no row names.
  mutating func keepUsedTuples() {
    var usedParties = [Bool](repeating: false, count: parties.count)
    var usedCategories = [Bool](repeating: false, count: categories.count)
    for table in tables {
      for row in table.rows {
        usedParties[Int(row.parties)] = true
        usedCategories[Int(row.categories)] = true
      }
    }
    for row in contacts { usedParties[Int(row.parties)] = true }
    func compacted(_ tuples: [CodeTuple], _ used: [Bool]) -> ([CodeTuple], [UInt32]) {
      let order = tuples.indices.filter { used[$0] }.sorted { tuples[$0] < tuples[$1] }
      var numbers = [UInt32](repeating: CodeTuple.none, count: tuples.count)
      for (new, old) in order.enumerated() { numbers[old] = UInt32(new) }
      return (order.map { tuples[$0] }, numbers)
    }
    let (sortedParties, newParties) = compacted(parties, usedParties)
    let (sortedCategories, newCategories) = compacted(categories, usedCategories)
    renumber(parties: newParties, categories: newCategories)
    parties = sortedParties
    categories = sortedCategories
  }
}

extension Ledger: Equatable {
  public static func == (a: Ledger, b: Ledger) -> Bool {
    a.timeZone?.name == b.timeZone?.name && a.surveyScale == b.surveyScale && a.inputs == b.inputs
      && a.counts == b.counts && a.rejects == b.rejects && a.names == b.names && a.parties == b.parties
      && a.categories == b.categories && a.tables == b.tables
      && a.contacts == b.contacts
  }
}

extension ClosedRange<Double> {
  /// A survey scale as options have it: `1-10`.
  public var words: String {
    func told(_ end: Double) -> String { Int(exactly: end).map { "\($0)" } ?? "\(end)" }
    return "\(told(lowerBound))-\(told(upperBound))"
  }
}
