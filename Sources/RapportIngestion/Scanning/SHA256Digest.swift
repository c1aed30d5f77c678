import CCrypto

/// The SHA-256 of bytes that come in parts, by OpenSSL's libcrypto, which uses the processor's instructions for it.
struct SHA256Digest {
  private let context: Context

  init() { context = Context() }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    EVP_DigestUpdate(context.pointer, base, bytes.count)
  }

  /// Of everything so far, in lower-case hexadecimal digits.
  func hexadecimal() -> String {
    let copy = Context()
    EVP_MD_CTX_copy_ex(copy.pointer, context.pointer)
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(copy.pointer, &digest, nil)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The digest of bytes that are all there.
  static func of(_ bytes: UnsafeRawBufferPointer) -> String {
    var digest = SHA256Digest()
    digest.update(bytes)
    return digest.hexadecimal()
  }

  /// Frees what libcrypto keeps.
  private final class Context: @unchecked Sendable {
    let pointer: OpaquePointer
    init() {
      // libcrypto has no SHA-256 only where it is broken, and memory only where there is none.
      pointer = EVP_MD_CTX_new()!
      precondition(EVP_DigestInit_ex(pointer, EVP_sha256(), nil) == 1, "libcrypto knows no SHA-256")
    }
    deinit { EVP_MD_CTX_free(pointer) }
  }
}
