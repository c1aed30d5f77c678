import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct CongruenceTests {
  // (1, 2) and (2, 1): 4 / √(5 · 5) = 0.8.
  @Test func `Tucker's coefficient, worked by hand`() {
    let table = Congruence.table(Matrix(rows: [[1, 0], [2, 0]]), Matrix(rows: [[2.0], [1.0]]))
    expectClose(table.elements, [0.8, 0], relative: 1e-15)
  }

  @Test func `columns are paired by likeness, and aligned in order and sign`() {
    let a = Matrix(rows: [[0.8, 0.1], [0.7, 0], [0, 0.9], [0.1, 0.6]])
    var b = a.selecting(columns: [1, 0])
    for i in 0..<4 { b[i, 0] = -b[i, 0] }
    #expect(Congruence.aligned(b, to: a) == a)
    expectClose(Congruence.matched(a, b).map { $0! }, [1, 1], relative: 1e-14)
    #expect(Congruence.matched(a, a.selecting(columns: [1]))[0] == nil)
  }

  @Test func `Procrustes finds the turn`() throws {
    let (c, s) = (0.8, 0.6)
    let turn = Matrix(rows: [[c, -s], [s, c]])
    let a = Matrix(rows: [[0.8, 0.1], [0.7, 0], [0, 0.9], [0.1, 0.6]])
    expectClose(try Congruence.procrustes(a, target: a * turn).elements, turn.elements, absolute: 1e-14)
  }
}
