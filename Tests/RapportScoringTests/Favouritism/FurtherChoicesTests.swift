import Glibc
@testable import RapportScoring
import Testing

/// How much more evidence would be needed.
@Suite struct FurtherChoicesTests {
  // With 100 choices the detectable ratio is 1.25²: its logarithm twice what is wanted, so four times the choices.
  @Test func `three times as many more, by hand`() {
    let error = 2 * log(1.25) / FavouritismFindings.detectable
    let further = FavouritismFindings.furtherChoices(100, standardError: error)
    #expect(further.map { (299...301).contains($0) } == true)
    #expect(FavouritismFindings.furtherChoices(100, standardError: error / 4) == 0)
    #expect(FavouritismFindings.furtherChoices(0, standardError: error) == nil)
    #expect(FavouritismFindings.furtherChoices(7, standardError: 1e9) == 1_000_000_000_000)
  }

  @Test func `what is lacking, in words`() {
    #expect(
      Wording.further(1)
        == "About 1 more choice would show a difference of 1.25× by a plain test of this pair alone; a signal needs more."
    )
    #expect(
      Wording.further(12_345)
        == "About 12,000 more choices would show a difference of 1.25× by a plain test of this pair alone; a signal needs more."
    )
    #expect(Wording.further(0).hasPrefix("For a plain test of this pair alone there are choices enough"))
    #expect(Wording.lacking(requests: 1).hasSuffix("there is 1."))
  }
}
