import Glibc

/// The compiled time zones of the system (`tzdata`), format TZif.
///
/// Source: RFC 9636, The Time Zone Information Format.
enum TimeZoneFile {
  /// Where the files are: the environment's `TZDIR`, else the system's folder.
  static var folder: String {
    if let value = getenv("TZDIR") { return String(cString: value) }
    return "/usr/share/zoneinfo"
  }

  /// Reads the zone of a name.
  ///
  /// - Throws: ``IngestionError`` of kind `configuration`: no such zone (with the nearest name), or no `tzdata` at all.
  static func read(_ name: String) throws(IngestionError) -> TimeZoneRules {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.utf8.contains(0) }
    guard isPlain, let bytes = try? FileBytes.read("\(folder)/\(name)"), bytes.starts(with: Array("TZif".utf8)) else {
      let known = knownNames()
      guard !known.isEmpty else {
        throw IngestionError(
          .configuration,
          "time zone '\(name)' can't be looked up: \(folder) holds no time zones; install tzdata or set TZDIR")
      }
      throw IngestionError(
        .configuration,
        "time zone '\(name)' isn't known\(NearestWord.suggestion(for: name, among: known)); "
          + "expected a name such as Europe/London, UTC or an offset such as +02:00")
    }
    guard let rules = parse(bytes, name: name) else {
      throw IngestionError(.configuration, "time zone '\(name)': \(folder)/\(name) is damaged; reinstall tzdata")
    }
    return rules
  }

  /// The names in tzdata's own list, for suggestions.
  static func knownNames() -> [String] {
    for list in ["tzdata.zi", "zone1970.tab", "zone.tab"] {
      guard let bytes = try? FileBytes.read("\(folder)/\(list)") else { continue }
      var names: Set<String> = ["UTC"]
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        if list == "tzdata.zi" {
          // Z Europe/London …; L Europe/London GB
          if words.first == "Z", words.count > 1 { names.insert(String(words[1])) }
          if words.first == "L", words.count > 2 { names.insert(String(words[2])) }
        } else if words.count >= 3, !line.hasPrefix("#") {
          names.insert(String(words[2]))
        }
      }
      return names.sorted()
    }
    return []
  }

  /// The rules in a TZif file's bytes; `nil` when they aren't one.
  static func parse(_ bytes: [UInt8], name: String) -> TimeZoneRules? {
    func integer(_ offset: Int, _ width: Int) -> Int? {
      guard offset >= 0, offset + width <= bytes.count else { return nil }
      var value = bytes[offset] >= 0x80 ? -1 : 0
      for index in 0..<width { value = value << 8 | Int(bytes[offset + index]) }
      return value
    }
    // Header: magic, version, 15 reserved, six counts: isut, isstd, leap, time, type, char.
    func counts(_ offset: Int) -> [Int]? {
      let values = (0..<6).compactMap { integer(offset + 20 + 4 * $0, 4) }
      return values.count == 6 && values.allSatisfy { $0 >= 0 } ? values : nil
    }
    guard bytes.starts(with: Array("TZif".utf8)), bytes.count >= 44, let first = counts(0) else { return nil }
    var start = 0
    var width = 4
    var sizes = first
    if bytes[4] >= UInt8(ascii: "2") {
      // The first block is for readers of 32 bits; skip it.
      start = 44 + first[3] * 5 + first[4] * 6 + first[5] + first[2] * 8 + first[1] + first[0]
      width = 8
      guard let second = counts(start) else { return nil }
      sizes = second
    }
    let (timeCount, typeCount) = (sizes[3], sizes[4])
    let times = start + 44
    let indexes = times + timeCount * width
    let types = indexes + timeCount
    let end = types + typeCount * 6 + sizes[5] + sizes[2] * (width + 4) + sizes[1] + sizes[0]
    guard typeCount > 0, end <= bytes.count else { return nil }
    let offsets = (0..<typeCount).compactMap { integer(types + 6 * $0, 4) }
    var changes: [(instant: Int, offset: Int)] = []
    for index in 0..<timeCount {
      guard let instant = integer(times + index * width, width), Int(bytes[indexes + index]) < typeCount else {
        return nil
      }
      changes.append((instant, offsets[Int(bytes[indexes + index])]))
    }
    var repeats = false
    if width == 8, end < bytes.count, bytes[end] == UInt8(ascii: "\n") {
      let footer = bytes[(end + 1)...].prefix { $0 != UInt8(ascii: "\n") }
      if let rule = TimeZoneRule(footer) {
        let lastYear = changes.last.map { TimeZoneRules.date(localSeconds: $0.instant).components.year } ?? 1970
        // 401 years, so that the last 400 are whole whatever day of the year the table ends on.
        for year in lastYear...(lastYear + 401) {
          for change in rule.changes(in: year) where change.instant > (changes.last?.instant ?? .min) {
            changes.append(change)
          }
        }
        repeats = rule.summer != nil
      }
    }
    return TimeZoneRules(name: name, initialOffset: offsets[0], changes: changes, repeats: repeats)
  }
}
