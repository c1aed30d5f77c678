import Foundation
import RapportTestSupport
import Testing

/// Figures on the page against `assessment.json`, read by the browser and compared as numbers, to the digits that are shown.
@Suite(.serialized, .enabled(if: Browser.isAvailable)) struct ReportNumbersTests {
  /// All numbers in a text, with the half of their last digit.
  private static func numbers(_ text: String) -> [(value: Double, half: Double)] {
    text.replacingOccurrences(of: "−", with: "-").matches(of: /-?\d[\d,]*(?:\.(\d+))?/).compactMap { match in
      let digits = match.1?.count ?? 0
      var half = 0.5
      for _ in 0..<digits { half /= 10 }
      return Double(match.0.replacing(",", with: "")).map { ($0, half * (1 + 1e-9)) }
    }
  }

  /// Whether a text shows these numbers and no others.
  private func shows(_ text: String, _ values: [Double?]) -> Bool {
    let shown = Self.numbers(text)
    guard shown.count == values.count else { return false }
    return zip(shown, values).allSatisfy { shown, value in value.map { abs($0 - shown.value) <= shown.half } ?? false }
  }

  private func table(_ page: ReportPage, _ selector: String, caption: String) throws -> [[String]] {
    try page.browser.run(
      """
      const t = [...document.querySelectorAll('\(selector) table')].find(t => t.caption.textContent.startsWith('\(caption)'));
      return [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent));
      """)
  }

  @Test func `every manager's scores, indicators and pairs`() throws {
    let page = try ReportPage()
    try page.openAll()
    let managers = try #require(page.files.assessment["managers"]?.array)
    let pairs = try #require(page.files.assessment["pairs"]?.array)
    let headlines: [String] = try page.browser.run(
      "return [...document.querySelectorAll('details.manager > summary > span:nth-child(2)')].map(s => s.textContent)")
    #expect(headlines.count == managers.count && managers.count == 30)
    var checked = 0
    // The indicators whose points a title's rows may show, by what all managers have: in the end one each.
    var keys: [String: Set<String>] = [:]
    for (i, manager) in managers.enumerated() {
      let health = manager["health"]
      #expect(
        shows(
          headlines[i].replacingOccurrences(of: "–", with: " "),
          ["value", "low", "high"].map { health?[$0]?.number }),
        "\(headlines[i])")

      let part = "#manager-\(manager["id"]?.text ?? "")"
      let rows = try table(page, part, caption: "Each indicator")
      let points = (manager["indicators"]?.object ?? [:]).compactMapValues { $0["points"]?["value"]?.number }
      #expect(rows.count == points.count)
      for row in rows {
        let fitting = Set(points.filter { shows(row[4], [$0.value]) }.keys)
        keys[row[0]] = keys[row[0]]?.intersection(fitting) ?? fitting
        checked += 1
      }

      let own = pairs.filter { $0["manager"] == manager["id"] }
      let shown = try table(page, part, caption: "Ratio above 1")
      #expect(shown.count == own.count)
      for (row, pair) in zip(shown, own) {
        #expect(row[0] == pair["partner"]?.text)
        #expect(shows(row[1], [pair["requests"]?.number]) && shows(row[2], [pair["open"]?.number]), "\(row)")
        for (cell, key) in [(row[3], "health"), (row[4], "trust")] where pair[key]?["value"]?.number != nil {
          let score = pair[key]
          let text = cell.replacingOccurrences(of: "–", with: " ")
          #expect(shows(text, ["value", "low", "high"].map { score?[$0]?.number }), "\(row)")
        }
      }
    }
    #expect(checked > 400)
    #expect(keys.count == 20 && keys.values.allSatisfy { $0.count == 1 }, "\(keys)")
    #expect(Set(keys.values.flatMap { $0 }).count == keys.count)
  }

  @Test func `the ranking's intervals in their order`() throws {
    let page = try ReportPage()
    let managers = try #require(page.files.assessment["managers"]?.array)
    let order = try #require(page.files.assessment["ranking"]?["order"]?.texts)
    let byID = Dictionary(managers.compactMap { m in m["id"]?.text.map { ($0, m) } }, uniquingKeysWith: { a, _ in a })
    let labels: [String] = try page.browser.run(
      "return [...document.querySelectorAll('section[aria-labelledby=ranking] svg text')].map(t => t.textContent)")
    var last = -1
    for id in order {
      let place = try #require(labels.firstIndex(of: id))
      #expect(place > last)
      last = place
      let health = byID[id]?["health"]
      #expect(labels[place + 1].hasSuffix(", left") == (byID[id]?["left"]?.text != nil))
      let text = labels[place + 1].replacingOccurrences(of: "–", with: " ").replacingOccurrences(of: ", left", with: "")
      #expect(shows(text, ["value", "low", "high"].map { health?[$0]?.number }), "\(id): \(text)")
    }
  }

  @Test func `partners' counts, and findings of pairs`() throws {
    let page = try ReportPage()
    let partners = try #require(page.files.assessment["partners"]?.array)
    let rows = try table(page, "section[aria-labelledby=partners]", caption: "Requests and waits")
    #expect(rows.count == partners.count)
    for (row, partner) in zip(rows, partners) {
      #expect(row[0] == partner["id"]?.text)
      for (column, key) in ["requests", "answered", "open", "reassigned"].enumerated() {
        #expect(shows(row[column + 1], [partner[key]?.number]), "\(row)")
      }
    }
    let scores = try table(page, "section[aria-labelledby=partners]", caption: "Scores by partner")
    #expect(scores.count == partners.count)
    for (row, partner) in zip(scores, partners) {
      for (column, key) in ["health", "trust", "consistency"].enumerated() {
        let score = partner[key]
        #expect(shows(row[2 + 2 * column], [score?["value"]?.number]), "\(row)")
        let limits = row[3 + 2 * column].replacingOccurrences(of: "–", with: " ")
        #expect(shows(limits, [score?["low"]?.number, score?["high"]?.number]), "\(row)")
      }
    }
    let signals = try #require(
      page.files.assessment["favouritism"]?["pairs"]?.array?.filter { $0["verdict"]?.text == "signal" })
    #expect(!signals.isEmpty)
    // The page keeps figures with their units by no-break spaces.
    let summary: String = try page.browser.run(
      "return document.querySelector('section[aria-labelledby=summary]').textContent.replaceAll('\\u00a0', ' ')")
    for signal in signals { #expect(summary.contains(try #require(signal["statement"]?.text))) }
  }
}
