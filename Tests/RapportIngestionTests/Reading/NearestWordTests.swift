import Testing

@testable import RapportIngestion

@Suite struct NearestWordTests {
  // kitten → sitten → sittin → sitting; a swap of neighbours is one step.
  @Test func `distances, worked by hand`() {
    #expect(NearestWord.editDistance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
    #expect(NearestWord.editDistance(Array("repsonse".utf8), Array("response".utf8)) == 1)
    #expect(NearestWord.editDistance([], Array("abc".utf8)) == 3)
  }

  @Test func `near words are named, far ones aren't`() {
    let kinds = EventKind.allCases.map(\.rawValue)
    #expect(NearestWord.nearest(to: "respnse", among: kinds) == "response")
    #expect(NearestWord.nearest(to: "Checkin", among: kinds) == "check_in")
    #expect(NearestWord.nearest(to: "invoice_paid", among: kinds) == nil)
    #expect(NearestWord.suggestion(for: "reqest", among: kinds) == "; did you mean 'request'?")
  }
}
