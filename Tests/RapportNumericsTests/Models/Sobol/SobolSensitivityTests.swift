import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct SobolSensitivityTests {
  /// Within five standard errors, which are small.
  func expect(_ got: [SensitivityIndex]?, _ want: [Double], largestError: Double) {
    guard let got, got.count == want.count else {
      Issue.record("\(String(describing: got)), expected \(want)")
      return
    }
    for (index, value) in zip(got, want) {
      #expect(index.standardError < largestError)
      expectClose(index.share, value, absolute: 5 * index.standardError + 1e-12)
    }
  }

  // sin x₁ + a sin² x₂ + b x₃⁴ sin x₁ on (−π, π)³ has V₁ = ½ (1 + b π⁴/5)², V₂ = a²/8, V₁₃ = 8 b² π⁸/225 and no others
  // (Ishigami & Homma 1990).
  @Test func `Ishigami's function`() throws {
    let (a, b) = (7.0, 0.1)
    let found = try SobolSensitivity().indices(inputs: 3) { u in
      let x = u.map { Double.pi * (2 * $0 - 1) }
      return [sin(x[0]) + a * sin(x[1]) * sin(x[1]) + b * pow(x[2], 4) * sin(x[0])]
    }[0]
    let first = 0.5 * pow(1 + b * pow(Double.pi, 4) / 5, 2)
    let second = a * a / 8
    let both = 8 * b * b * pow(Double.pi, 8) / 225
    let variance = first + second + both
    expectClose(found.mean, a / 2, absolute: 0.01)
    // Five standard errors: variances of such batches, from SciPy's scrambled points, spread by 0.16.
    expectClose(found.variance, variance, absolute: 5 * 0.16 / 4)
    expect(found.first, [first / variance, second / variance, 0], largestError: 0.01)
    expect(found.total, [(first + both) / variance, second / variance, both / variance], largestError: 0.01)
  }

  // Π (|4x_j − 2| + a_j)/(1 + a_j) has V_j = 1/(3 (1 + a_j)²), V = Π (1 + V_j) − 1, and the total part of j is
  // V_j Π_{k≠j} (1 + V_k) (Saltelli & Sobol' 1995).
  @Test func `Sobol's g-function`() throws {
    let a = [0.0, 0.5, 3, 9, 99, 99]
    let found = try SobolSensitivity().indices(inputs: 6) { x in
      [zip(x, a).reduce(1) { $0 * (abs(4 * $1.0 - 2) + $1.1) / (1 + $1.1) }]
    }[0]
    let parts = a.map { 1 / (3 * (1 + $0) * (1 + $0)) }
    let product = parts.reduce(1) { $0 * (1 + $1) }
    expectClose(found.mean, 1, absolute: 0.01)
    expectClose(found.variance, product - 1, relative: 0.02)
    expect(found.first, parts.map { $0 / (product - 1) }, largestError: 0.01)
    expect(found.total, parts.map { $0 * product / (1 + $0) / (product - 1) }, largestError: 0.01)
  }

  // By hand: x₁ + 2 x₂ has parts 1/12 and 4/12; x₁ alone has everything; a constant has nothing to share out.
  @Test func `components are apart, and a sum shares by squares`() throws {
    let found = try SobolSensitivity().indices(inputs: 2) { x in [x[0] + 2 * x[1], 1e9 + x[0], 0.1] }
    expect(found[0].first, [0.2, 0.8], largestError: 0.005)
    expect(found[0].total, [0.2, 0.8], largestError: 0.005)
    // A large mean takes no digits.
    expect(found[1].first, [1, 0], largestError: 0.005)
    expectClose(found[1].variance, 1.0 / 12, relative: 1e-4)
    expectClose(found[1].mean, 1e9 + 0.5, relative: 1e-12)
    #expect(found[2].first == nil && found[2].total == nil)
    #expect(found[2].variance == 0)
  }

  // By hand: of x₁ + 2 x₂ + 2 x₁ x₃ the parts are V₁ = 4/12 (of x₁ (1 + E 2 x₃)), V₂ = 4/12, V₃ = 1/12 (of x₃ E 2 x₁) and
  // V₁₃ = 4/144. So {1, 3} has 4/12 + 1/12 + 1/36 = 16/36 with nothing beside it, 2 has 12/36.
  @Test func `a group has its inputs' parts and what they do together`() throws {
    let found = try SobolSensitivity().indices(inputs: 3, groups: [[0, 2], [1]]) { x in
      [x[0] + 2 * x[1] + 2 * x[0] * x[2]]
    }[0]
    expectClose(found.variance, 28.0 / 36, absolute: 0.01)
    expect(found.first, [16.0 / 28, 12.0 / 28], largestError: 0.01)
    expect(found.total, [16.0 / 28, 12.0 / 28], largestError: 0.01)
  }

  @Test func `threads change nothing, seeds do`() throws {
    var method = SobolSensitivity()
    method.batchPoints = 32
    let one = try method.indices(inputs: 2) { x in [x[0] * x[1]] }
    method.threads = 2
    #expect(try method.indices(inputs: 2) { x in [x[0] * x[1]] } == one)
    method.seed = 2
    #expect(try method.indices(inputs: 2) { x in [x[0] * x[1]] } != one)
    #expect(throws: NumericsError.self) { try method.indices(inputs: 1) { x in [x[0] > 0.6 ? .nan : 0] } }
  }
}
