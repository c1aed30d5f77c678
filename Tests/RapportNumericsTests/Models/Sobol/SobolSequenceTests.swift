import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct SobolSequenceTests {
  // The first ten points in three dimensions, as Joe and Kuo print them beside their table.
  @Test func `begins as published`() {
    let sequence = SobolSequence(dimensions: 3)
    let published = [
      [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625], [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875], [0.125, 0.625, 0.375], [0.1875, 0.3125, 0.9375], [0.6875, 0.8125, 0.4375],
    ]
    #expect((0..<10).map(sequence.point) == published)
  }

  // scipy.stats.qmc.Sobol(64, scramble=False, bits=30).random(2048), SciPy 1.17.1, coordinates 1, 2, 5, 31, 47, 63.
  @Test func `agrees with SciPy far out`() {
    let sequence = SobolSequence(dimensions: 64)
    let coordinates = [1, 2, 5, 31, 47, 63]
    let at1000 = sequence.point(1000)
    #expect(
      coordinates.map { at1000[$0] }
        == [0.0966796875, 0.5185546875, 0.9072265625, 0.1455078125, 0.9189453125, 0.4462890625])
    let at2047 = sequence.point(2047)
    #expect(
      coordinates.map { at2047[$0] }
        == [0.62744140625, 0.93115234375, 0.65771484375, 0.41455078125, 0.77978515625, 0.98876953125])
  }

  // Each of 2^m intervals of a coordinate holds one of 2^m points, and so does each box of area 2^−m, whatever its sides,
  // of the first two coordinates.
  @Test(arguments: [nil, 1, 77] as [UInt64?]) func `is even, randomized or not`(seed: UInt64?) {
    let points = (0..<256).map(SobolSequence(dimensions: 64, seed: seed).point)
    for j in 0..<64 { #expect(Set(points.map { Int($0[j] * 256) }).count == 256, "coordinate \(j)") }
    for power in 0...8 {
      let (rows, columns) = (Double(1 << power), Double(1 << (8 - power)))
      let boxes = Set(points.map { Int($0[0] * rows) * 256 + Int($0[1] * columns) })
      #expect(boxes.count == 256, "\(rows) × \(columns)")
    }
  }

  @Test func `randomizations are independent and uniform`() {
    let origin = (0..<2000).map { SobolSequence(dimensions: 3, seed: 9, replicate: $0).point(0) }
    for j in 0..<3 {
      let values = origin.map { $0[j] }
      #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
      // Five standard errors of the mean of 2000 uniforms: 5/√(12 · 2000).
      expectClose(values.reduce(0, +) / 2000, 0.5, absolute: 0.0323)
      #expect(Set(values).count == 2000)
    }
    let again = SobolSequence(dimensions: 3, seed: 9, replicate: 5)
    #expect(again.point(0) == origin[5])
    #expect(SobolSequence(dimensions: 3, seed: 10, replicate: 5).point(0) != origin[5])
  }

  // ∫ Π (1 + (x_j − ½)) = 1: with a thousand points plain draws would err by 0.02.
  @Test func `integrates better than chance`() {
    let sequence = SobolSequence(dimensions: 5, seed: 3)
    var sum = 0.0
    for index in 0..<1024 { sum += sequence.point(index).reduce(1) { $0 * (0.5 + $1) } }
    expectClose(sum / 1024, 1, absolute: 1e-3)
  }
}
