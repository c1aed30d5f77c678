import CISAL
import CZstd
import Glibc

/// Bytes in order, pulled block by block. Used by one thread at a time.
protocol ByteStream: AnyObject {
  /// Fills `buffer` from its start and returns how many bytes there were; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int
}

extension ByteStream {
  /// Reads on until there are so many bytes; `false` where it ended before.
  func read(upTo count: Int, into bytes: inout [UInt8]) throws(IngestionError) -> Bool {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { block.deallocate() }
    while bytes.count < count {
      let room = UnsafeMutableRawBufferPointer(rebasing: block.prefix(count - bytes.count))
      let taken = try read(into: room)
      if taken == 0 { return false }
      bytes.append(contentsOf: room[..<taken])
    }
    return true
  }
}

/// A file descriptor: a file, standard input, a pipe. Its bytes are hashed as they pass, unless somebody else does it.
final class DescriptorStream: ByteStream {
  private let descriptor: Int32
  private let name: String
  private let closes: Bool
  /// Bytes read so far.
  private(set) var byteCount = 0
  /// Whether they are hashed.
  var isHashed = true
  private(set) var digest = SHA256Digest()
  /// CPU seconds of hashing so far.
  private(set) var hashSeconds = 0.0

  init(descriptor: Int32, name: String, closes: Bool) {
    self.descriptor = descriptor
    self.name = name
    self.closes = closes
  }

  deinit { if closes { close(descriptor) } }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
    var filled = 0
    // A pipe gives what it has; fill the buffer, so that blocks don't depend on the writer's rhythm.
    while filled < buffer.count {
      let count = Glibc.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileBytes.unreadable(name, errno) }
      if count == 0 { break }
      filled += count
    }
    byteCount += filled
    guard isHashed else { return filled }
    let start = ThreadClock.seconds
    digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    hashSeconds += ThreadClock.seconds - start
    return filled
  }
}

/// The bytes of a region.
final class RegionStream: ByteStream {
  private let region: TextRegion
  /// Bytes read so far.
  private(set) var position = 0

  init(_ region: TextRegion) { self.region = region }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, region.bytes.count - position)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: region.bytes[position..<(position + count)]))
    position += count
    return count
  }
}

/// Bytes that were read ahead, then the rest of their stream.
final class PrefixedStream: ByteStream {
  private var prefix: ArraySlice<UInt8>
  private let rest: any ByteStream

  init(_ prefix: [UInt8], then rest: any ByteStream) {
    self.prefix = prefix[...]
    self.rest = rest
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
    if prefix.isEmpty { return try rest.read(into: buffer) }
    let taken = prefix.prefix(buffer.count)
    buffer.copyBytes(from: taken)
    prefix = prefix.dropFirst(taken.count)
    return taken.count
  }
}

/// What an input is packed with, told by its first bytes, whatever its name.
enum Compression {
  case none, gzip, zstandard

  init(magic: some Collection<UInt8>) {
    let first = Array(magic.prefix(4))
    if first.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if first.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      self = .zstandard
    } else {
      self = .none
    }
  }

  /// The bytes that the stream's bytes unpack to.
  func unpacked(_ stream: any ByteStream, name: String) -> any ByteStream {
    switch self {
    case .none: stream
    case .gzip: GzipStream(stream, name: name)
    case .zstandard: ZstandardStream(stream, name: name)
    }
  }
}

/// A gzip stream of any number of members.
///
/// By ISA-L, which unpacks at about four times zlib's speed. It knows one member at a time: what lies between two is seen to here.
final class GzipStream: ByteStream {
  /// What comes next.
  private enum Part { case member, header, data, padding }

  private let upstream: any ByteStream
  private let name: String
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
  // On the heap, because it is large, and never copied.
  private let state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
  // Kept while it is read: the library's own, in the mode that reads headers by itself, is lost at the end of a block of input.
  private var header = isal_gzip_header()
  private var next = Part.member

  init(_ upstream: any ByteStream, name: String) {
    self.upstream = upstream
    self.name = name
    isal_inflate_init(state)
    // Headers are read apart; the trailer's checksum and count of bytes are compared.
    state.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR_VER)
  }

  deinit {
    state.deallocate()
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
    state.pointee.next_out = buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
    state.pointee.avail_out = UInt32(clamping: buffer.count)
    let room = state.pointee.avail_out
    while state.pointee.avail_out > 0 {
      switch next {
      case .member:
        if state.pointee.avail_in == 0, try !fill() { return Int(room - state.pointee.avail_out) }
        // Looked at before the rest, so that a few bytes of something else aren't taken for the beginning of a member.
        let first = state.pointee.next_in.pointee
        if first == 0 {
          next = .padding
          continue
        }
        guard first == 0x1F else { throw damaged(first, "where a gzip header should begin") }
        isal_inflate_reset(state)
        isal_gzip_header_init(&header)
        next = .header
      case .header:
        if try check(isal_read_gzip_header(state, &header)) == ISAL_DECOMP_OK { next = .data } else { try refill() }
      case .data:
        _ = try check(isal_inflate(state))
        if state.pointee.block_state == ISAL_BLOCK_FINISH {
          next = .member
        } else if state.pointee.avail_out > 0 {
          try refill()
        }
      case .padding:
        // Zeros fill up the last block of some media; `gzip` passes over them too.
        while state.pointee.avail_in > 0 {
          let byte = state.pointee.next_in.pointee
          guard byte == 0 else { throw damaged(byte, "behind the zeros at the end") }
          state.pointee.next_in += 1
          state.pointee.avail_in -= 1
        }
        if try !fill() { return Int(room - state.pointee.avail_out) }
      }
    }
    return Int(room)
  }

  /// Reads more input; `false` at its end.
  private func fill() throws(IngestionError) -> Bool {
    let count = try upstream.read(into: input)
    state.pointee.next_in = input.baseAddress!.assumingMemoryBound(to: UInt8.self)
    state.pointee.avail_in = UInt32(count)
    return count > 0
  }

  /// Reads more input where there must be some.
  private func refill() throws(IngestionError) {
    guard try fill() else {
      throw IngestionError(
        .noInput, "\(name): the gzip data end in the middle (truncated file?); copy or export it again")
    }
  }

  /// A result that is no error.
  private func check(_ code: Int32) throws(IngestionError) -> Int32 {
    switch code {
    case 0...: return code
    case ISAL_INVALID_WRAPPER: throw damaged("incorrect header")
    case ISAL_UNSUPPORTED_METHOD: throw damaged("unknown compression method")
    case ISAL_INCORRECT_CHECKSUM: throw damaged("incorrect checksum")
    default: throw damaged("invalid compressed data")
    }
  }

  private func damaged(_ byte: UInt8, _ place: String) -> IngestionError {
    damaged("byte 0x\(String(byte, radix: 16, uppercase: true)) \(place)")
  }

  private func damaged(_ reason: String) -> IngestionError {
    IngestionError(.noInput, "\(name): the gzip data are damaged (\(reason)); copy or export the file again")
  }
}

/// A Zstandard stream of any number of frames.
final class ZstandardStream: ByteStream {
  private let upstream: any ByteStream
  private let name: String
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
  private let stream: OpaquePointer
  private var available = ZSTD_inBuffer()
  private var isInsideFrame = false
  /// The last block was filled to the brim: there may be more without more input.
  private var holdsBack = false
  private var hasEnded = false

  init(_ upstream: any ByteStream, name: String) {
    self.upstream = upstream
    self.name = name
    guard let stream = ZSTD_createDStream() else { preconditionFailure("zstd can't begin: no memory") }
    self.stream = stream
  }

  deinit {
    ZSTD_freeDStream(stream)
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    while output.pos < output.size && !hasEnded {
      if available.pos == available.size && !holdsBack {
        let count = try upstream.read(into: input)
        if count == 0 {
          guard !isInsideFrame else { throw truncated }
          hasEnded = true
          break
        }
        available = ZSTD_inBuffer(src: input.baseAddress, size: count, pos: 0)
      }
      let before = (available.pos, output.pos)
      let code = ZSTD_decompressStream(stream, &output, &available)
      guard ZSTD_isError(code) == 0 else {
        let reason = String(cString: ZSTD_getErrorName(code))
        throw IngestionError(.noInput, "\(name): the zstd data are damaged (\(reason)); copy or export the file again")
      }
      if before == (available.pos, output.pos) {
        // Nothing moved: all that was held back is out, and more input is needed.
        holdsBack = false
      } else {
        isInsideFrame = code != 0
        if !isInsideFrame { holdsBack = false }
      }
    }
    holdsBack = output.pos == output.size && isInsideFrame
    return output.pos
  }

  private var truncated: IngestionError {
    IngestionError(.noInput, "\(name): the zstd data end in the middle (truncated file?); copy or export it again")
  }
}
