import Foundation
import RapportTestSupport
import Testing

@Suite struct InterruptionTests {
  let log: SampleLog
  init() throws { log = try SampleLog() }

  /// A drawing that takes ten seconds to convert, begun by `env` with these options, which sees to what it does at signals.
  private func slowDrawing(_ options: String...) throws -> Process {
    let (bin, started) = (log.scratch["bin"], log["started"])
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    let converter = try log.scratch.write("bin/rsvg-convert", "#!/bin/sh\n: > '\(started)'\nexec /bin/sleep 10\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: converter)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      options + [
        "PATH=\(bin.path)", Tool.executable.path, "plot", "wait", log.events, "--manager", "M1", "--draws", "200", "-o",
        log["M1.png"],
      ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning, !FileManager.default.fileExists(atPath: started) { usleep(1000) }
    return process
  }

  private var left: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: log.scratch.folder.path).sorted() }
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
  func `a signal ends the run, and what it was writing is gone`(_ signal: Int32) throws {
    let process = try slowDrawing("--default-signal=INT,TERM,HUP")
    #expect(try left.contains { $0.hasPrefix("M1.png.partial-") })
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
    #expect(try left == ["bin", "events.csv", "managers.csv", "started"])
  }

  @Test func `what a run that was killed left goes with the next`() throws {
    let killed = try slowDrawing()
    kill(killed.processIdentifier, SIGKILL)
    killed.waitUntilExit()
    // The drawing itself is locked while its converter has it open.
    let (number, marks) = (killed.processIdentifier, ["drawing", "log"])
    #expect(try left.count { $0.hasPrefix("M1.png.") } == 3)
    try FileManager.default.removeItem(atPath: log["started"])
    let next = try slowDrawing("--default-signal=TERM")
    #expect(try !left.contains { name in marks.contains { name == "M1.png.\($0)-\(number)" } })
    kill(next.processIdentifier, SIGTERM)
    next.waitUntilExit()
  }

  @Test func `what is to be ignored is, as under nohup`() throws {
    let process = try slowDrawing("--default-signal=INT,TERM", "--ignore-signal=HUP")
    kill(process.processIdentifier, SIGHUP)
    usleep(200_000)
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 128 + SIGTERM)
  }

  // Whether it is stopped in time hangs on the machine; either way a folder is there as a whole or not at all.
  @Test func `a folder that is being written goes as a whole`() throws {
    let scratch = try Scratch()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "--default-signal=TERM", Tool.executable.path, "simulate", "--events", "200000", "--output", scratch["out"].path,
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning, try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).isEmpty {
      usleep(200)
    }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    let made = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path)
    if process.terminationStatus == 128 + SIGTERM, made.isEmpty { return }
    #expect(made == ["out"] && [0, 128 + SIGTERM].contains(process.terminationStatus), "\(made)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch["out"].path).count == 5)
  }
}
