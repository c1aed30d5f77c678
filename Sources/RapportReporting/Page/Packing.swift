import CSodium
import CZlib

/// Bytes as text that a page can carry.
enum Packing {
  /// `text` compressed (zlib's format) and in base 64.
  static func packed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var length = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(length))
    let code = compress2(&result, &length, bytes, uLong(bytes.count), 9)
    precondition(code == Z_OK, "zlib can't compress \(bytes.count) bytes: \(code)")
    return base64(Array(result.prefix(Int(length))))
  }

  /// Bytes in base 64, padded.
  static func base64(_ bytes: [UInt8]) -> String {
    // Four characters for every three bytes begun, and a terminating zero.
    var text = [CChar](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    sodium_bin2base64(&text, text.count, bytes, bytes.count, Int32(sodium_base64_VARIANT_ORIGINAL))
    return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
