import Glibc

/// Values to pixels, with ticks at round numbers.
struct Axis {
  let domain: ClosedRange<Double>
  let pixels: ClosedRange<Double>
  let isLogarithmic: Bool

  init(_ domain: ClosedRange<Double>, pixels: ClosedRange<Double>, isLogarithmic: Bool = false) {
    self.domain = domain.lowerBound < domain.upperBound ? domain : (domain.lowerBound - 1)...(domain.upperBound + 1)
    self.pixels = pixels
    self.isLogarithmic = isLogarithmic
  }

  /// The place of a value; those beyond the ends stand at the ends.
  func position(_ value: Double) -> Double {
    let (low, high) = (g(domain.lowerBound), g(domain.upperBound))
    let share = (g(value) - low) / (high - low)
    return pixels.lowerBound + min(1, max(0, share)) * (pixels.upperBound - pixels.lowerBound)
  }

  /// Round values within the domain, about `count` of them; on a scale of ratios those that matter most come first.
  func ticks(_ count: Int = 5) -> [Double] {
    if isLogarithmic {
      return [1, 2, 0.5, 4, 0.25, 10, 0.1, 1.5, 0.67, 3, 0.33, 5, 0.2, 1.25, 0.8].filter(domain.contains)
    }
    let rough = (domain.upperBound - domain.lowerBound) / Double(max(1, count))
    let power = pow(10, floor(log10(rough)))
    let step = power * ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10)
    var ticks: [Double] = []
    var tick = (domain.lowerBound / step).rounded(.up) * step
    while tick <= domain.upperBound + step * 1e-9 {
      ticks.append(abs(tick) < step * 1e-9 ? 0 : tick)
      tick += step
    }
    return ticks
  }

  /// A tick as text, with the digits that its step needs.
  static func label(_ tick: Double) -> String {
    let rounded = (tick * 100).rounded() / 100
    return rounded == rounded.rounded()
      ? Figure.number(rounded, digits: 0)
      : Figure.number(rounded, digits: (rounded * 10).rounded() == rounded * 10 ? 1 : 2)
  }

  private func g(_ value: Double) -> Double { isLogarithmic ? log(max(value, 1e-12)) : value }
}
