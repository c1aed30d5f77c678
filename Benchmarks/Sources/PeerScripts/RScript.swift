import Foundation

/// A script of this folder that runs the same work in R.
public struct RScript {
  private let path: String

  /// - Parameter name: the script's file name, in `Benchmarks/`.
  public init(_ name: String) {
    path =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../\(name)").standardized
      .path
  }

  /// What it prints, line by line; its errors go to the standard error.
  ///
  /// - Throws: ``Failure`` where it ends otherwise than well, or Rscript can't be run.
  public func run(_ arguments: [String]) throws -> [Substring] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["Rscript", path] + arguments
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(path) ended with \(process.terminationStatus), having printed: \(text.prefix(200))")
    }
    return text.split(separator: "\n")
  }

  /// Why there is no answer.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }
}
