import Foundation
import Testing

@testable import RapportNumerics

@Suite struct RadixSortTests {
  @Test(arguments: [0, 1, 1023, 1024, 5000]) func `sorts as a comparing sort does`(count: Int) {
    var stream = RandomStream(seed: UInt64(count), purpose: "radix sort")
    let numbers = (0..<count).map { i in
      switch i % 4 {
      case 0: stream.normal() * 1e9
      case 1: Double(stream.integer(below: 1000))
      case 2: -Double(stream.integer(below: 5))
      default: exp2(600 * stream.normal())
      }
    }
    var sorted = numbers
    sorted.sortByRadix()
    #expect(sorted == numbers.sorted())
    let keys = numbers.map(\.bitPattern)
    var sortedKeys = keys
    sortedKeys.sortByRadix()
    #expect(sortedKeys == keys.sorted())
  }

  @Test func `ends and equal numbers`() {
    var numbers = [Double](repeating: 3, count: 2000) + [.infinity, -.infinity, 0, .leastNonzeroMagnitude]
    let expected = numbers.sorted()
    numbers.sortByRadix()
    #expect(numbers == expected)
    var alike = [Double](repeating: -7.5, count: 2000)
    alike.sortByRadix()
    #expect(alike == [Double](repeating: -7.5, count: 2000))
  }
}
