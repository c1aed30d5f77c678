import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct DrawKernelTests {
  // Boost's quantile is within an ulp. Near ½ the quantile itself vanishes: there the distance to ½ has as many digits.
  @Test func `normals by rational functions agree with the distribution's quantile`() {
    var stream = RandomStream(seed: 5, purpose: "quantiles")
    let uniforms = (0..<20_000).map { _ in stream.uniform() }
    let edges = [0x1p-54, 1e-300, 1e-12, 1.4e-11, 0.075, 0.0750001, 0.5, 0.925, 0.9250001, 1 - 0x1p-53]
    for p in uniforms + edges {
      let expected = Normal.standard.quantile(p)
      #expect(abs(NormalInversion.quantile(p) - expected) <= 2e-15 * max(abs(expected), 1e-2), "at \(p)")
    }
  }

  /// Marsaglia & Tsang as published, without the shortcut and in logarithms.
  private func plainLogGamma(_ shape: Double, _ stream: inout RandomStream) -> Double {
    if shape < 1 { return plainLogGamma(shape + 1, &stream) + log(stream.uniform()) / shape }
    let d = shape - 1.0 / 3
    while true {
      let x = stream.normal()
      let root = 1 + x / (9 * d).squareRoot()
      let v = root * root * root
      if root > 0, log(stream.uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) }
    }
  }

  @Test(arguments: [0.05, 0.9, 1, 1.5, 7, 400])
  func `gammas and betas are those of the published method`(_ shape: Double) {
    for other in [0.3, 2, 30] {
      var (stream, plain) = (RandomStream(seed: 9, purpose: "kernels"), RandomStream(seed: 9, purpose: "kernels"))
      let (gamma, beta) = (GammaDraws(shape: shape), BetaDraws(shape, other))
      for _ in 0..<2000 {
        expectClose(gamma.draw(&stream, rate: 2), exp(plainLogGamma(shape, &plain)) / 2, relative: 1e-12)
        let y = plainLogGamma(other, &plain)
        expectClose(
          beta.draw(&stream), 1 / (1 + exp(y - plainLogGamma(shape, &plain))), relative: 1e-12)
      }
    }
  }
}
