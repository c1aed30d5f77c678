import Foundation

/// A script of this folder that does the same work with a peer, in R or Python.
public struct PeerScript {
  private let path: String

  /// - Parameter name: the script's file name, in `Benchmarks/`; `.R` is run by Rscript, `.py` by the interpreter that
  ///   `PEERS_PYTHON` names, or python3.
  public init(_ name: String) {
    path =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../\(name)").standardized
      .path
  }

  private var interpreter: String {
    path.hasSuffix(".py") ? ProcessInfo.processInfo.environment["PEERS_PYTHON"] ?? "python3" : "Rscript"
  }

  /// What it prints, line by line; its errors go to the standard error.
  ///
  /// - Throws: ``Failure`` where it ends otherwise than well, or its interpreter can't be run.
  public func run(_ arguments: [String]) throws -> [Substring] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [interpreter, path] + arguments
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(path) ended with \(process.terminationStatus), having printed: \(text.prefix(200))")
    }
    return text.split(separator: "\n")
  }

  /// The answers that it prints: lines of `result`, a name, wall seconds, processor seconds, and numbers that were found.
  public func results(_ arguments: [String]) throws -> [String: TimedRun] {
    var results: [String: TimedRun] = [:]
    for line in try run(arguments) where line.hasPrefix("result ") {
      let parts = line.split(separator: " ").dropFirst()
      let numbers = parts.dropFirst().compactMap { Double($0) }
      guard let name = parts.first, numbers.count >= 2, numbers.count == parts.count - 1 else {
        throw Failure(description: "\(path) printed: \(line.prefix(200))")
      }
      results[String(name)] = TimedRun(wall: numbers[0], cpu: numbers[1], found: Array(numbers[2...]))
    }
    return results
  }

  /// Why there is no answer.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
    public init(description: String) { self.description = description }
  }
}
