import RapportNumerics
import Testing

@Suite struct FlagPatternsTests {
  @Test(arguments: [0, 3, 8])
  func `few flags are their own number`(_ flagCount: Int) {
    var patterns = FlagPatterns(flagCount: flagCount)
    let all = (0..<1 << flagCount).map { UInt16($0) }
    #expect(patterns.bits == all)
    let backwards = Array(all.reversed())
    let numbers = backwards.map { patterns.number(of: $0) }
    #expect(numbers == backwards)
    #expect(patterns.bits == all)
  }

  @Test(arguments: [9, 11, 16])
  func `of many flags combinations are numbered as they occur`(_ flagCount: Int) {
    var patterns = FlagPatterns(flagCount: flagCount)
    #expect(patterns.bits.isEmpty)
    let highest: UInt16 = 1 << (flagCount - 1)
    let seen = [highest | 1, 0, highest, highest | 1, 5, 0, highest].map { patterns.number(of: $0) }
    #expect(seen == [0, 1, 2, 0, 3, 1, 2])
    #expect(patterns.bits == [highest | 1, 0, highest, 5])
  }

  // One more than the largest number that 16 bits hold.
  @Test func `all combinations of sixteen flags have a number`() {
    var patterns = FlagPatterns(flagCount: ChoiceSets.mostFlags)
    let all = Array(0...UInt16.max)
    let backwards = Array(all.reversed())
    let numbers = backwards.map { patterns.number(of: $0) }
    let again = patterns.number(of: 0)
    #expect(numbers == all && again == UInt16.max)
    #expect(patterns.bits == backwards)
  }
}
