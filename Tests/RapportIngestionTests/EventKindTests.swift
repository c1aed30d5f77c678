import RapportIngestion
import Testing

@Suite struct EventKindTests {
  @Test func `linked kinds need a partner`() {
    for kind in EventKind.allCases where kind.family != nil { #expect(kind.needsPartner) }
  }
}
