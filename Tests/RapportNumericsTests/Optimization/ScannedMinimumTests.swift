import RapportNumerics
import Testing

@Suite struct ScannedMinimumTests {
  // By hand: x⁴ − 2x² + x/10 has its lower minimum near −1: 4x³ − 4x + 0.1 = 0 at x = −1.0123…
  @Test func `the lower of two valleys`() {
    let found = ScannedMinimum().minimize(in: -3...3) { $0 * $0 * $0 * $0 - 2 * $0 * $0 + 0.1 * $0 }
    let x = found.point[0]
    #expect(x < -1 && abs(4 * x * x * x - 4 * x + 0.1) < 1e-6 && found.record.stop == .tolerance)
  }

  @Test func `an end, and a plain`() {
    #expect(ScannedMinimum().minimize(in: 2...5) { $0 }.point[0] == 2)
    #expect(ScannedMinimum().minimize(in: 2...5) { -$0 }.point[0] == 5)
    #expect(ScannedMinimum(steps: 1).minimize(in: 2...5) { _ in 1 }.value == 1)
  }
}
