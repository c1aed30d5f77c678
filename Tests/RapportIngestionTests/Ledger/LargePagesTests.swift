import Testing

@testable import RapportIngestion

@Suite struct LargePagesTests {
  // Sizes around the threshold of 1 MiB, around seven eighths of a large page of 2 MiB, and around whole ones.
  @Test(arguments: [1, 1000, (1 << 17) - 1, 1 << 17, (7 << 15) - 1, 7 << 15, 1 << 18, (1 << 18) + 1, 3 << 18])
  func `room can be written from end to end, and is zero where the system gives it`(_ count: Int) {
    let rooms = (0..<3).map { _ in LargePages.allocate(count, of: UInt64.self) }
    for (index, room) in rooms.enumerated() {
      if count >= 1 << 17 {
        #expect(Int(bitPattern: room) % (1 << 21) == 0)
        #expect((0..<count).allSatisfy { room[$0] == 0 })
      }
      for place in 0..<count { room[place] = UInt64(index + 1) }
    }
    for (index, room) in rooms.enumerated() {
      #expect((0..<count).allSatisfy { room[$0] == UInt64(index + 1) })
      LargePages.free(room, count)
    }
  }
}
