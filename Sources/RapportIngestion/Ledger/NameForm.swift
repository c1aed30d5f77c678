/// The Unicode form of names: composed (NFC). `ü` may be one letter, or a `u` with two dots behind it, as exports of some systems
/// write it; who reads them sees one name.
///
/// Source: Unicode Standard Annex #15, Unicode Normalization Forms. It is the form by which the standard library compares strings,
/// so that what is equal as text is equal byte for byte.
enum NameForm {
  /// A name in composed form; `nil` where it is in that form already, and where it isn't UTF-8.
  static func composed(_ name: UnsafeRawBufferPointer) -> [UInt8]? {
    guard mayChange(name), let text = String(validating: name, as: UTF8.self) else { return nil }
    let form = text._nfcCodeUnits
    return form.elementsEqual(name) ? nil : form
  }

  /// Whether a name may be in another form. What is below U+0300, where the marks begin that join letters, is composed, and all
  /// from there on begins with a byte of 0xCC or more.
  static func mayChange(_ name: UnsafeRawBufferPointer) -> Bool { name.contains { $0 >= 0xCC } }

  /// Whether two texts are one name, where their first difference says so; `nil` where it doesn't.
  ///
  /// Where both go on there with a letter of ASCII, or end, they are two: such a letter decomposes into nothing else, and no mark is
  /// ordered across it.
  static func areOne(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool? {
    let common = min(a.count, b.count)
    var place = 0
    while place < common, a[place] == b[place] { place += 1 }
    if place == a.count, place == b.count { return true }
    return (place == a.count || a[place] < 0x80) && (place == b.count || b[place] < 0x80) ? false : nil
  }
}

extension String {
  /// The same text in the form that names have (``NameForm``).
  var composed: String { utf8.contains { $0 >= 0xCC } ? String(decoding: _nfcCodeUnits, as: UTF8.self) : self }
}

/// Numbers names, all spellings of one alike; each spelling is composed once.
struct NameForms: Sendable {
  private var spellings = ByteInterner()
  /// By spelling, the number of its name.
  private var numbers: [UInt32] = []
  private var names = ByteInterner()

  /// The number of the name that is spelled so, which isn't empty.
  mutating func number(of spelling: UnsafeRawBufferPointer) -> UInt32 {
    let (code, isNew) = spellings.intern(spelling)
    if isNew {
      if let composed = NameForm.composed(spelling) {
        numbers.append(composed.withUnsafeBytes { names.intern($0).code })
      } else {
        numbers.append(names.intern(spelling).code)
      }
    }
    return numbers[Int(code)]
  }

  /// Calls `body` with the name of a number, composed.
  func withName<R>(_ number: UInt32, _ body: (UnsafeRawBufferPointer) -> R) -> R { names.withBytes(of: number, body) }

  /// Whether two texts are one name.
  mutating func areOne(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    if let isOne = NameForm.areOne(a, b) { return isOne }
    guard !a.isEmpty, !b.isEmpty, NameForm.mayChange(a) || NameForm.mayChange(b) else { return false }
    return number(of: a) == number(of: b)
  }
}
