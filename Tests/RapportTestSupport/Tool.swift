import Foundation

/// The built `rapport` tool, run as a user would: arguments in, both outputs and the exit code out.
public enum Tool {
  /// What a run gave.
  public struct Run: Sendable {
    public let exitCode: Int32
    public let output: String
    public let errors: String
  }

  /// The executable that `RAPPORT_TOOL` names, as `make test` does with the optimised one, since real logs take minutes
  /// otherwise; else the one that was built beside the tests.
  public static let executable = URL(
    fileURLWithPath: ProcessInfo.processInfo.environment["RAPPORT_TOOL"]
      ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("rapport")
      .path)

  /// Where another program is, or `nil` where it isn't on the PATH.
  public static func path(of program: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs `rapport` with these arguments.
  ///
  /// - Parameter input: what it reads from standard input; nothing by default.
  public static func run(
    _ arguments: [String], input: Data = Data(), environment: [String: String] = [:], in folder: URL? = nil
  ) throws -> Run {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = folder
    // Files, not pipes: a full pipe would stop the tool while the other one is being read.
    let scratch = try Scratch()
    let (inputFile, outputFile, errorFile) = (scratch["in"], scratch["out"], scratch["err"])
    try input.write(to: inputFile)
    try Data().write(to: outputFile)
    try Data().write(to: errorFile)
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    return Run(
      exitCode: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
      output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
  }
}

/// A folder of its own that goes when nobody holds it any more.
public final class Scratch: Sendable {
  public let folder: URL

  public init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("rapport-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A file of this name in the folder.
  public subscript(name: String) -> URL { folder.appendingPathComponent(name) }

  /// Writes a file and gives its path.
  @discardableResult public func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: self[name])
    return self[name].path
  }
}
