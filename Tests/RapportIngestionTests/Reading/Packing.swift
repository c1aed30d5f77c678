import CZlib
import CZstd

/// Bytes packed as exports are, for tests of unpacking.
enum Packing {
  /// One gzip member.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] { gzip(bytes, level: 6) }

  /// One gzip member, with so much effort (0: stored as it is), and with a name, a comment, other data and a checksum of its header of
  /// so many bytes each, unless that is `nil`.
  static func gzip(_ bytes: [UInt8], level: Int32, headerBytes: Int? = nil) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    // Room for text, with the zero that ends it.
    let text = UnsafeMutablePointer<UInt8>.allocate(capacity: (headerBytes ?? 0) + 1)
    let header = UnsafeMutablePointer<gz_header>.allocate(capacity: 1)
    defer {
      text.deallocate()
      header.deallocate()
    }
    text.initialize(repeating: 110, count: headerBytes ?? 0)
    text[headerBytes ?? 0] = 0
    header.initialize(to: gz_header())
    if let headerBytes {
      header.pointee.name = text
      header.pointee.comment = text
      header.pointee.extra = text
      header.pointee.extra_len = UInt32(headerBytes)
      header.pointee.hcrc = 1
      deflateSetHeader(&stream, header)
    }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 4 * (headerBytes ?? 0) + 1024)
    let count = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        deflate(&stream, Z_FINISH)
        return target.count - Int(stream.avail_out)
      }
    }
    deflateEnd(&stream)
    return Array(output[..<count])
  }

  /// One Zstandard frame.
  static func zstandard(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
    return Array(output[..<count])
  }
}
