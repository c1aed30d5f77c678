import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct FactorRotationTests {
  static let rotations: [FactorRotation] = [.varimax, .promax(), .oblimin(), .oblimin(normalized: true)]

  static let loadings = Matrix(
    rows: [
      [0.7, 0.3, 0.1], [0.6, 0.4, -0.1], [0.65, 0.2, 0.3], [0.6, -0.4, 0.2], [0.5, -0.5, 0.1], [0.55, -0.3, -0.3],
      [0.4, 0.1, 0.5],
    ])

  // Variables 1, 2 at +45° and 3, 4 at −45°: turning by 45° puts each pair on an axis, √2 · 0.6 and √2 · 0.5 long.
  @Test func `varimax turns two crossed pairs onto the axes, worked by hand`() throws {
    let crossed = Matrix(rows: [[0.6, 0.6], [0.6, 0.6], [0.5, -0.5], [0.5, -0.5]])
    let result = try FactorRotation.varimax.rotate(crossed)
    let (long, short) = (0.72.squareRoot(), 0.5.squareRoot())
    expectClose(result.loadings.elements, [long, long, 0, 0, 0, 0, short, short], absolute: 1e-12)
    #expect(result.factorCorrelations == Matrix.identity(2))
    // Rows at length one: each column has two ones, 2 − 2²/4 = 1.
    expectClose(result.criterion!, 2, relative: 1e-12)
    #expect(result.distinctOptima == 1)
  }

  @Test(arguments: rotations) func `what the factors explain together doesn't change`(rotation: FactorRotation) throws {
    let result = try rotation.rotate(Self.loadings)
    let explained = (result.loadings * result.factorCorrelations).timesTransposed(result.loadings)
    expectClose(explained.elements, Self.loadings.outerCrossProduct.elements, absolute: 1e-10)
    expectClose(result.factorCorrelations.diagonal, [1, 1, 1], relative: 1e-10)
  }

  @Test(arguments: rotations) func `order and sign are canonical whatever is given`(rotation: FactorRotation) throws {
    let result = try rotation.rotate(Self.loadings)
    let sizes = (result.factorCorrelations * result.loadings.crossProduct).diagonal
    #expect(sizes == sizes.sorted(by: >))
    for j in 0..<3 { #expect(result.loadings.column(j).reduce(0, +) >= 0) }
    var turned = Self.loadings.selecting(columns: [2, 0, 1])
    for i in 0..<turned.rows { turned[i, 1] = -turned[i, 1] }
    let again = try rotation.rotate(turned)
    expectClose(again.loadings.elements, result.loadings.elements, absolute: 1e-6)
  }

  @Test func `one factor, and no rotation, stay as they are but for the sign`() throws {
    let single = Matrix(rows: [[-0.5], [-0.6], [0.1]])
    for rotation in Self.rotations + [.none] {
      let result = try rotation.rotate(single)
      #expect(result.loadings.elements == [0.5, 0.6, -0.1] && result.criterion == nil)
    }
    let unrotated = try FactorRotation.none.rotate(Self.loadings)
    // The second column sums to −0.2.
    let signs = [1.0, -1, 1]
    for j in 0..<3 { #expect(unrotated.loadings.column(j) == Self.loadings.column(j).map { signs[j] * $0 }) }
    #expect(unrotated.factorCorrelations == Matrix.identity(3))
  }

  @Test func `the same seed gives the same bits`() throws {
    let first = try FactorRotation.oblimin().rotate(Self.loadings, seed: 9)
    #expect(first == (try FactorRotation.oblimin().rotate(Self.loadings, seed: 9)))
  }

  // Five variables on each of four axes, and four on each axis of a second system half-way between (Hadamard's): factors on
  // the first leave 16 variables with all four loadings at 0.35, ¼ · 12 · 0.35⁴ each, factors on the second leave 20.
  @Test func `a structure that can be read in two ways has two optima, and the better one is taken`() throws {
    let first = (0..<4).map { Matrix.identity(4).row($0) }
    let second = [[1.0, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]].map { $0.map { $0 / 2 } }
    let both = [[[Double]]](repeating: first, count: 5) + [[[Double]]](repeating: second, count: 4)
    let loadings = 0.7 * Matrix(rows: both.flatMap { $0 })
    let result = try FactorRotation.oblimin().rotate(loadings, starts: 60)
    #expect(result.distinctOptima == 2)
    let quarter = 0.35 * 0.35 * 0.35 * 0.35
    expectClose(result.criterion!, 16 * 3 * quarter, relative: 1e-8)
  }

  @Test func `an empty variable is left alone`() throws {
    let gap = Matrix(rows: [[0.6, 0.6], [0, 0], [0.5, -0.5], [0.4, 0.5]])
    for rotation in Self.rotations {
      let result = try rotation.rotate(gap)
      expectClose(result.loadings.row(1), [0, 0], absolute: 1e-15)
    }
  }
}
