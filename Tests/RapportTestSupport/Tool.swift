import Foundation
import Glibc

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
      exitCode: exitCode(of: process), output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
  }

  /// Runs `rapport` with standard output on a terminal (a pseudoterminal) so many columns wide; what it writes there, with
  /// terminals' line ends as plain ones.
  public static func runOnTerminal(
    _ arguments: [String], columns: Int, environment: [String: String] = [:]
  ) throws -> Run {
    // TIOCSPTLCK and TIOCGPTN (ioctl_tty(2)), by which the C library's own functions do it; Swift sees neither.
    let (unlock, number) = (UInt(0x4004_5431), UInt(0x8004_5430))
    let ours = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (isLocked, index): (Int32, UInt32) = (0, 0)
    guard ours >= 0, ioctl(ours, unlock, &isLocked) == 0, ioctl(ours, number, &index) == 0 else {
      throw CocoaError(.fileReadUnknown)
    }
    let terminal = open("/dev/pts/\(index)", O_RDWR | O_NOCTTY)
    var size = winsize(ws_row: 50, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard terminal >= 0, ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0 else { throw CocoaError(.fileReadUnknown) }
    let scratch = try Scratch()
    try Data().write(to: scratch["err"])
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm"]) { $1 }
      .filter { $0.key != "NO_COLOR" }.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(fileDescriptor: terminal)
    process.standardError = try FileHandle(forWritingTo: scratch["err"])
    try process.run()
    close(terminal)
    // A terminal holds little: it is read while the tool writes, until nobody has it open any more.
    var written: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = read(ours, &buffer, buffer.count), count > 0 { written += buffer.prefix(count) }
    close(ours)
    process.waitUntilExit()
    return Run(
      exitCode: exitCode(of: process),
      output: String(decoding: written, as: UTF8.self).replacing("\r\n", with: "\n"),
      errors: String(decoding: try Data(contentsOf: scratch["err"]), as: UTF8.self))
  }

  private static func exitCode(of process: Process) -> Int32 {
    process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
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
