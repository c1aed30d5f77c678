import Testing

@testable import RapportReporting

@Suite struct TextWidthTests {
  // By hand, DejaVu Sans: a .613, b .635, i .278 (counted as .35), space .318 (.35); 12 pixels.
  @Test func `advances of letters`() {
    #expect(abs(TextWidth.of("ab") - 12 * 1.248) < 1e-9)
    #expect(abs(TextWidth.of("i ") - 12 * 0.7) < 1e-9)
    #expect(TextWidth.of("") == 0)
  }

  @Test func `both ends stay`() {
    let text = TextWidth.shortened("a quite long identifier-17", to: 100)
    #expect(text.hasPrefix("a qu") && text.hasSuffix("-17") && text.contains("…"))
    #expect(TextWidth.of(text) <= 100)
    #expect(TextWidth.shortened("M17", to: 100) == "M17")
  }

  @Test func `lines break at spaces, and a sign of percent stays with its number`() {
    #expect(TextWidth.wrapped("one two", to: 30) == ["one", "two"])
    #expect(TextWidth.wrapped("of 95 % x", to: 35) == ["of 95 %", "x"])
  }
}
