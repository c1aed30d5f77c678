import Synchronization

/// Hands chunks of all inputs to reading threads, in order, one at a time.
final class InputQueue: Sendable {
  /// One input with its layout, before its rows are read.
  struct Prepared: @unchecked Sendable {
    let input: InputSource
    let name: String
    let layout: InputLayout
    let head: InputHead
    /// Only of standard input and pipes, which can't be opened again: the opened text, and what was read of it.
    let opened: (text: InputText, begun: [UInt8])?
    /// Bytes as stored, where that is known before reading.
    let storedBytes: Int?
  }

  /// A piece of work.
  enum Work: Sendable {
    case parse(Chunk, input: Int, layout: InputLayout, PassingHash?, number: Int)
    /// Hash the bytes of an input whose bytes are all in reach.
    case hash(TextRegion, input: Int)
  }

  private struct State: @unchecked Sendable {
    var next = 0
    var text: InputText?
    var cutter: ChunkCutter?
    /// How many chunks of it have been cut.
    var chunkCount = 0
    var pendingHash: (TextRegion, Int)?
    var failure: IngestionError?
    var bytesBefore = 0
    var chunkEnd = 0
    var digests: [String?]
    /// By input, of those that are hashed chunk by chunk.
    var hashes: [PassingHash?]
    var storedBytes: [Int]
    var textBytes = 0
    var rows = 0
    var cutSeconds = 0.0
    /// Of these, seconds of hashing.
    var hashSeconds = 0.0
  }

  let inputs: [Prepared]
  private let options: ReadingOptions
  private let progress: (@Sendable (ReadingProgress) -> Void)?
  private let totalBytes: Int?
  private let state: Mutex<State>

  init(_ inputs: [Prepared], options: ReadingOptions, progress: (@Sendable (ReadingProgress) -> Void)?) {
    self.inputs = inputs
    self.options = options
    self.progress = progress
    let sizes = inputs.compactMap(\.storedBytes)
    totalBytes = sizes.count == inputs.count ? sizes.reduce(0, +) : nil
    state = Mutex(
      State(
        digests: [String?](repeating: nil, count: inputs.count),
        hashes: [PassingHash?](repeating: nil, count: inputs.count),
        storedBytes: inputs.map { $0.storedBytes ?? 0 }))
  }

  /// The next piece of work; `nil` when all is done or something failed.
  ///
  /// - Parameters:
  ///   - rows: rows read since the last call, for the progress line.
  ///   - used: room of a chunk that has been read.
  func next(after rows: Int, reusing used: TextRegion?) -> Work? {
    state.withLock { state in
      state.rows += rows
      guard state.failure == nil else { return nil }
      let start = ThreadClock.seconds
      defer { state.cutSeconds += ThreadClock.seconds - start }
      do throws(IngestionError) {
        while true {
          if let (region, input) = state.pendingHash {
            state.pendingHash = nil
            return .hash(region, input: input)
          }
          if let cutter = state.cutter {
            let input = state.next - 1
            if let chunk = try cutter.next(reusing: used) {
              state.textBytes += chunk.bytes.count
              state.chunkEnd += chunk.bytes.count
              state.chunkCount += 1
              report(state)
              return .parse(
                chunk, input: input, layout: inputs[input].layout, state.hashes[input], number: state.chunkCount - 1)
            }
            if let passing = state.text?.passing {
              if passing.isHashed { state.digests[input] = passing.digest.hexadecimal() }
              state.storedBytes[input] = passing.byteCount
              state.hashSeconds += passing.hashSeconds
            }
            state.bytesBefore += state.storedBytes[input]
            state.cutter = nil
            state.text = nil
          }
          guard state.next < inputs.count else { return nil }
          try open(state.next, &state)
          state.next += 1
        }
      } catch {
        state.failure = error
        return nil
      }
    }
  }

  /// Keeps an input's digest.
  func finishHash(_ digest: String, of input: Int) {
    state.withLock { $0.digests[input] = digest }
  }

  /// What went wrong, if anything did; otherwise what was read.
  ///
  /// - Throws: the first ``IngestionError`` that a thread met.
  func finish(
    rowsByInput: [Int]
  ) throws(IngestionError) -> (
    inputs: [ReadingStatistics.Input], textBytes: Int, cutSeconds: Double, hashSeconds: Double
  ) {
    let state = state.withLock { $0 }
    if let failure = state.failure { throw failure }
    let described = inputs.indices.map { index in
      ReadingStatistics.Input(
        name: inputs[index].name, bytes: state.storedBytes[index],
        sha256: state.digests[index] ?? state.hashes[index]?.hexadecimal ?? "", rows: rowsByInput[index])
    }
    return (described, state.textBytes, state.cutSeconds - state.hashSeconds, state.hashSeconds)
  }

  private func open(_ index: Int, _ state: inout State) throws(IngestionError) {
    let input = inputs[index]
    let text: InputText
    let source: ChunkCutter.Source
    if let opened = input.opened {
      text = opened.text
      guard case .stream(let rest) = text.source else { preconditionFailure("an opened input is a stream") }
      source = .stream(PrefixedStream(opened.begun, then: rest))
    } else {
      text = try InputText(input.input, passesOnce: true)
      source = text.source
      if let region = text.stored { state.pendingHash = (region, index) }
    }
    let delimiter: UInt8? = if case .delimited(let byte) = input.layout.format { byte } else { nil }
    state.text = text
    state.chunkCount = 0
    if text.isPlain, text.passing != nil { state.hashes[index] = PassingHash() }
    state.chunkEnd = input.head.length
    state.cutter = ChunkCutter(
      source, name: input.name, delimiter: delimiter, skip: input.head.length, firstLine: input.head.firstLine,
      chunkBytes: options.chunkBytes, maximumRecordBytes: options.maximumRecordBytes)
  }

  private func report(_ state: State) {
    guard let progress else { return }
    let inInput: Int
    if case .region = state.text?.source { inInput = state.chunkEnd } else { inInput = state.text?.bytesRead ?? 0 }
    progress(ReadingProgress(bytesDone: state.bytesBefore + inInput, bytesTotal: totalBytes, rows: state.rows))
  }
}
