import RapportIngestion
import Testing

/// Expects `empty` to be neutral, and merging to be associative and commutative, on every pair and triple of samples.
public func expectMergeLaws<Value: Mergeable & Equatable>(
  _ samples: [Value], sourceLocation: SourceLocation = #_sourceLocation
) {
  func merged(_ a: Value, _ b: Value) -> Value {
    var result = a
    result.merge(b)
    return result
  }
  for a in samples {
    #expect(merged(a, .empty) == a, sourceLocation: sourceLocation)
    #expect(merged(.empty, a) == a, sourceLocation: sourceLocation)
    for b in samples {
      #expect(merged(a, b) == merged(b, a), sourceLocation: sourceLocation)
      for c in samples {
        #expect(merged(merged(a, b), c) == merged(a, merged(b, c)), sourceLocation: sourceLocation)
      }
    }
  }
}
