import Glibc
import Testing

/// How many digits are right, −log₁₀ of the relative error, or of the error itself where 0 is wanted.
///
/// At most 15, since certified values have no more.
public func correctDigits(_ got: Double, _ want: Double) -> Double {
  if got == want { return 15 }
  guard got.isFinite, want.isFinite else { return 0 }
  return min(15, max(0, -log10(want == 0 ? abs(got) : abs(got - want) / abs(want))))
}

extension ReferenceCase {
  /// How hard NIST takes a data set to be, and how many digits are asked for there.
  public enum Level: String, Sendable {
    case lower, average, higher

    /// What has to be right.
    public var digits: Double { self == .higher ? 7 : 9 }
  }

  /// Expects as many digits as the level asks for in each of the values, and prints the fewest.
  public func checkDigits(
    fit: String, _ name: String, level: Level, got: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let want = numbers(fit: fit, name) ?? number(fit: fit, name).map { [$0] } ?? []
    checkDigits(fit: fit, name, level: level, got: got, want: want, sourceLocation: sourceLocation)
  }

  /// The same against values that aren't the case's own, such as those derived from it.
  public func checkDigits(
    fit: String, _ name: String, level: Level, got: [Double], want: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard got.count == want.count, !want.isEmpty else {
      Issue.record(
        "\(self.name) \(fit) \(name): \(got.count) values, expected \(want.count)", sourceLocation: sourceLocation)
      return
    }
    let digits = zip(got, want).map { correctDigits($0, $1) }.min() ?? 0
    let rounded = (digits * 10).rounded() / 10
    #expect(
      digits >= level.digits, "\(self.name) \(fit) \(name): \(rounded) digits: got \(got), expected \(want)",
      sourceLocation: sourceLocation)
    print("digits \(self.name) \(fit) (\(level)) \(name): \(rounded)")
  }
}
