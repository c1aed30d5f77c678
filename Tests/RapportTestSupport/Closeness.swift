import Testing

/// How far `got` is from `want`, as a multiple of what is allowed: at most one passes.
///
/// Two equal infinities agree; NaN agrees with nothing.
public func errorInTolerances(_ got: Double, _ want: Double, relative: Double = 0, absolute: Double = 0) -> Double {
  if got == want { return 0 }
  if want.isInfinite || got.isNaN || got.isInfinite { return .infinity }
  let allowed = absolute + relative * abs(want)
  return allowed > 0 ? abs(got - want) / allowed : .infinity
}

/// Expects |got − want| ≤ absolute + relative |want|.
public func expectClose(
  _ got: Double, _ want: Double, relative: Double = 0, absolute: Double = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let error = errorInTolerances(got, want, relative: relative, absolute: absolute)
  #expect(error <= 1, "got \(got), expected \(want): \(error) tolerances away", sourceLocation: sourceLocation)
}

/// Expects as many values, each within |got − want| ≤ absolute + relative |want|.
public func expectClose(
  _ got: [Double], _ want: [Double], relative: Double = 0, absolute: Double = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard got.count == want.count else {
    Issue.record("\(got.count) values, expected \(want.count)", sourceLocation: sourceLocation)
    return
  }
  for (index, pair) in zip(got, want).enumerated() {
    let error = errorInTolerances(pair.0, pair.1, relative: relative, absolute: absolute)
    #expect(
      error <= 1, "entry \(index): got \(pair.0), expected \(pair.1): \(error) tolerances away",
      sourceLocation: sourceLocation)
  }
}
