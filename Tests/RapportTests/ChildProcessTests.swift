import Foundation
import Testing

@testable import Rapport

@Suite struct ChildProcessTests {
  private func run(_ script: String, stop: ChildProcess.Stop? = nil) throws -> ChildProcess.Ended {
    try ChildProcess.run("/bin/sh", ["-c", script], errors: "/dev/null", environment: [], stop: stop)
  }

  @Test func `the exit code is the program's, or 128 and the signal's number`() throws {
    #expect(try run("exit 3").exitCode == 3)
    #expect(try run("kill -TERM $$").exitCode == 143)
    #expect(try run("kill -HUP $$").exitCode == 129)
  }

  // As when a signal comes after the last look for one and before the wait begins: no other will come to end the wait.
  @Test func `a wish to stop from before the program begins ends it`() throws {
    let stop = ChildProcess.Stop()
    stop.wish()
    let ended = try run("exec sleep 60", stop: stop)
    #expect(ended.exitCode == 143 && ended.seconds < 30, "\(ended)")
  }

  @Test func `so does one while it runs`() throws {
    let stop = ChildProcess.Stop()
    // A thread of its own: on a busy machine a task would wait for its turn.
    Thread.detachNewThread {
      usleep(200_000)
      stop.wish()
    }
    let ended = try run("exec sleep 60", stop: stop)
    #expect(ended.exitCode == 143 && ended.seconds < 30, "\(ended)")
  }

  @Test func `without a wish it ends by itself, and the next may begin`() throws {
    let stop = ChildProcess.Stop()
    #expect(try run("exit 0", stop: stop).exitCode == 0)
    #expect(try run("exit 4", stop: stop).exitCode == 4)
    #expect(!stop.isWished)
  }
}
