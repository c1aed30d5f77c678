extension Instant {
  /// The moment that `text` names in any form that the contract has for timestamps; `nil` where it names none.
  ///
  /// - Parameter zone: of times without offset. A date alone is its first moment there.
  public init?(parsing text: String, in zone: TimeZoneRules) {
    var parser = TimeParser(zone: zone)
    // The parser reads up to 8 bytes beyond the end.
    let bytes = Array(text.utf8)
    let padded = bytes + [UInt8](repeating: 0, count: 8)
    let instant = padded.withUnsafeBytes { parser.instant(.init(rebasing: $0[..<bytes.count])) }
    guard let instant else { return nil }
    self = instant
  }
}
