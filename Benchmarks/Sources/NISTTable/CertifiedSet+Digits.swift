import Foundation
import RapportNumerics

extension CertifiedSet {
  /// How many digits of each quantity are right.
  struct Comparison {
    let against: String
    let digits: [(quantity: String, digits: Double)]
  }

  /// Computes all that is certified.
  func comparisons() throws -> [Comparison] {
    let found =
      certified["coef"] != nil ? try regression() : certified["mean"] != nil ? try moments() : try varianceAnalysis()
    return [("certified", ""), ("exact on doubles", "_on_doubles")].compactMap { against, suffix in
      let digits = found.compactMap { quantity, got -> (String, Double)? in
        // F of an exact fit is certified as infinite; what the decimals' rounding leaves of it says nothing.
        guard let want = certified[quantity + suffix], want.count == got.count, !want.contains(.infinity) else {
          return nil
        }
        return (quantity, zip(got, want).map { Self.digits($0, $1) }.min() ?? 0)
      }
      return digits.isEmpty ? nil : Comparison(against: against, digits: digits)
    }
  }

  /// −log₁₀ of the relative error, or of the error where 0 is certified; at most 15, since NIST gives no more.
  private static func digits(_ got: Double, _ want: Double) -> Double {
    if got == want { return 15 }
    return min(15, max(0, -log10(want == 0 ? abs(got) : abs(got - want) / abs(want))))
  }

  private func regression() throws -> [(String, [Double])] {
    let y = columns["y"] ?? []
    let predictors = order.filter { $0 != "y" }.compactMap { columns[$0] }
    let fit: LeastSquaresFit
    if predictors.count == 1, let x = predictors.first {
      let last = (certified["coef"]?.count ?? 0) - 1
      fit = try LeastSquares().fit(powers: model.contains("no intercept") ? 1...1 : 0...last, of: x, response: y)
    } else {
      fit = try LeastSquares().fit(predictors: Matrix(columns: [y.map { _ in 1 }] + predictors), response: y)
    }
    return [
      ("coef", fit.coefficients.map { $0 ?? .nan }), ("coef_se", fit.standardErrors.map { $0 ?? .nan }),
      ("residual_sd", [fit.residualStandardDeviation ?? .nan]), ("r_squared", [fit.rSquared ?? .nan]),
      ("ss_regression", [fit.regressionSumOfSquares]), ("ss_residual", [fit.residualSumOfSquares]),
      ("F", [fit.fRatio ?? .nan]),
    ]
  }

  private func moments() throws -> [(String, [Double])] {
    let y = columns["y"] ?? []
    let moments = Moments(y)
    return [
      ("mean", [moments.mean]), ("sd", [moments.standardDeviation ?? .nan]),
      ("autocorrelation1", [Moments.firstAutocorrelation(y) ?? .nan]),
    ]
  }

  private func varianceAnalysis() throws -> [(String, [Double])] {
    let y = columns["y"] ?? []
    let keys = columns["group"] ?? []
    let groups = Set(keys).sorted().map { key in keys.indices.filter { keys[$0] == key }.map { y[$0] } }
    let analysis = try OneWayVariance(groups: groups)
    return [
      ("F", [analysis.fRatio]), ("ss_between", [analysis.betweenSumOfSquares]),
      ("ss_within", [analysis.withinSumOfSquares]), ("r_squared", [analysis.rSquared]),
      ("residual_sd", [analysis.residualStandardDeviation]),
    ]
  }
}
