import Testing

@testable import RapportIngestion

@Suite struct CompactKeyTests {
  /// The key of bytes that stand in the middle of others, as in a chunk.
  static func key(_ bytes: [UInt8]) -> CompactKey {
    let noise = [UInt8](repeating: 0xA7, count: 16)
    return (noise + bytes + noise).withUnsafeBytes { CompactKey($0.baseAddress! + 16, count: bytes.count) }
  }

  static func random(_ generator: inout FieldScannerTests.Generator) -> [UInt8] {
    let alphabet: [UInt8] = [0, 1, 0x30, 0x31, 0xFF]
    let count = Int.random(in: 1...CompactKey.limit, using: &generator)
    return (0..<count).map { _ in alphabet.randomElement(using: &generator)! }
  }

  @Test func `equal words are equal strings, whatever stands around them`() {
    var generator = FieldScannerTests.Generator(state: 1)
    var strings: [[UInt8]] = (1...CompactKey.limit).map { [UInt8](repeating: 0, count: $0) }
    strings += (0..<300).map { _ in Self.random(&generator) }
    for a in strings {
      #expect(Self.key(a) == a.withUnsafeBytes { CompactKey($0) })
      #expect(!Self.key(a).isLong)
      #expect(Self.key(a).withBytes { Array($0) } == a)
      for b in strings { #expect((Self.key(a) == Self.key(b)) == (a == b)) }
    }
  }

  @Test func `its hash is that of its bytes`() {
    var generator = FieldScannerTests.Generator(state: 2)
    for _ in 0..<500 {
      let bytes = Self.random(&generator)
      for seed in 0..<3 as Range<UInt64> {
        #expect(StableHash.of(Self.key(bytes), seed: seed) == bytes.withUnsafeBytes { StableHash.of($0, seed: seed) })
      }
    }
  }

  @Test func `a cache gives back what was put into it, and nothing else`() {
    var generator = FieldScannerTests.Generator(state: 3)
    var cache = NameCache()
    defer { cache.deallocate() }
    var codes: [[UInt8]: UInt32] = [:]
    for round in 0..<5000 {
      let bytes = round % 2 == 0 ? Array("M\(round)".utf8) : Self.random(&generator)
      let code = cache.code(of: Self.key(bytes))
      #expect(code == codes[bytes] ?? CodeTuple.none)
      if codes[bytes] == nil {
        codes[bytes] = UInt32(round)
        cache.insert(Self.key(bytes), code: UInt32(round))
      }
    }
  }

  @Test func `fingerprints differ where bytes differ, and never otherwise`() {
    var seen: [Fingerprint: [UInt8]] = [:]
    for length in 0..<200 {
      for byte in [0, 1, 0x80] as [UInt8] {
        let bytes = [UInt8](repeating: byte, count: length)
        let fingerprint = bytes.withUnsafeBytes { StableHash.fingerprint($0) }
        #expect(seen[fingerprint] ?? bytes == bytes)
        seen[fingerprint] = bytes
        #expect(Array(bytes).withUnsafeBytes { StableHash.fingerprint($0) } == fingerprint)
      }
    }
    #expect(seen.count == 598)
    // As it always was: ledgers hold it.
    let known = Array("EV-1".utf8).withUnsafeBytes { StableHash.fingerprint($0) }
    #expect(known == Fingerprint(high: 0xDA0E_C097_867F_33A2, low: 0x88F5_CAF1_485C_F568))
  }
}
