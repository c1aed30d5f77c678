import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct MomentsTests {
  // By hand: 1, 2, 3, 4 has mean 5/2, Σ d² = 5; Σ of neighbours' products (−3/2)(−1/2) + (−1/2)(1/2) + (1/2)(3/2) = 5/4.
  @Test func `worked by hand`() {
    let moments = Moments([1, 2, 3, 4])
    #expect(moments.mean == 2.5)
    #expect(moments.variance == 5.0 / 3)
    #expect(Moments.firstAutocorrelation([1, 2, 3, 4]) == 0.25)
    #expect(Moments([7]).standardDeviation == nil)
    #expect(Moments([]).mean == 0)
    #expect(Moments.firstAutocorrelation([2, 2]) == nil)
  }

  @Test func `NIST's univariate sets`() throws {
    guard let reference = ReferenceCase("E03-nist-univariate") else { return }
    let sets: [(name: String, level: ReferenceCase.Level)] = [
      ("PiDigits", .lower), ("Lottery", .lower), ("Mavro", .lower), ("Lew", .lower), ("NumAcc1", .lower),
      ("NumAcc3", .average),
    ]
    for (name, level) in sets {
      let table = reference.table("\(name).csv")
      let y = table.numbers(table.names[0])
      let moments = Moments(y)
      let deviation = try #require(moments.standardDeviation)
      let serial = try #require(Moments.firstAutocorrelation(y))
      for (quantity, got) in [
        ("mean", moments.mean), ("sd", deviation), ("autocorrelation1", serial), ("sd_on_doubles", deviation),
        ("autocorrelation1_on_doubles", serial),
      ] {
        reference.check(fit: name.lowercased(), quantity, got: got)
        reference.checkDigits(fit: name.lowercased(), quantity, level: level, got: [got])
      }
    }
  }
}
