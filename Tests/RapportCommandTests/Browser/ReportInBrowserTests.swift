import Foundation
import RapportTestSupport
import Testing

/// The report as a reader's browser shows it. Serial, since each test has a browser of its own.
@Suite(.serialized, .enabled(if: Browser.isAvailable)) struct ReportInBrowserTests {
  @Test func `nothing is complained of and nothing is fetched`() throws {
    let page = try ReportPage()
    try page.openAll()
    #expect(try page.browser.complaints() == [])
    let requests = try page.browser.requests().filter { $0 != "about:blank" }
    #expect(requests == [page.files.page.absoluteString])
  }

  @Test func `every section is there, in the order of the list that leads to them`() throws {
    let page = try ReportPage()
    let sections: [String] = try page.browser.run(
      "return [...document.querySelectorAll('main > section')].map(s => s.getAttribute('aria-labelledby'))")
    #expect(
      sections == [
        "summary", "ranking", "funnels", "managers", "partners", "favouritism", "factors", "data-quality", "methods",
        "manifest",
      ])
    let links: [String] = try page.browser.run(
      "return [...document.querySelectorAll('nav a')].map(a => a.getAttribute('href').slice(1))")
    #expect(links == sections)
    let headings: [String] = try page.browser.run(
      "return [...document.querySelectorAll('#manager-M14 h3')].map(h => h.textContent)")
    #expect(
      Set(headings).isSuperset(of: [
        "Scores", "What the health score is made of",
        "Where a change would move the score most (not a target; ratings left out)",
        "What comparable managers do",
        "Indicators", "Waits", "Trends", "Evidence by month", "With each partner", "What is not known",
      ]))
  }

  /// Identifiers that are seen, in the order in which they stand.
  private func shown(_ page: ReportPage) throws -> [String] {
    try page.browser.run(
      """
      return [...document.querySelectorAll('details.manager')].filter(d => d.offsetParent !== null)
        .map(d => d.querySelector('.name').textContent)
      """)
  }

  private func choose(_ page: ReportPage, _ selector: String, _ text: String) throws {
    let _: Bool = try page.browser.run(
      """
      const s = document.querySelector('\(selector)');
      const o = [...s.options].find(o => o.textContent === '\(text)');
      s.value = o.value;
      s.dispatchEvent(new Event('change', {bubbles: true}));
      return true;
      """)
  }

  private func type(_ page: ReportPage, _ text: String) throws {
    let _: Bool = try page.browser.run(
      """
      const box = document.getElementById('find');
      box.value = '\(text)';
      box.dispatchEvent(new Event('input', {bubbles: true}));
      return true;
      """)
  }

  @Test func `managers are found, and narrowed by unit and partner`() throws {
    let page = try ReportPage()
    let managers = try #require(page.files.assessment["managers"]?.array)
    #expect(try shown(page) == managers.compactMap { $0["id"]?.text })

    try type(page, "m1")
    #expect(try shown(page) == managers.compactMap { $0["id"]?.text }.filter { $0.lowercased().contains("m1") })
    let said: String = try page.browser.run("return document.getElementById('found').textContent")
    #expect(said == "10 of 30 managers")
    try type(page, "")

    let titles: [String] = try page.browser.run(
      "return [...document.querySelectorAll('select.choose')].map(s => s.labels[0].textContent)")
    #expect(titles == ["gender", "level", "location", "unit", "partner"])
    try choose(page, "#choose-3", "operations")
    let operations = managers.filter { $0["attributes"]?["unit"]?.text == "operations" }
    #expect(!operations.isEmpty && operations.count < managers.count)
    #expect(try shown(page) == operations.compactMap { $0["id"]?.text })
    try choose(page, "#choose-4", "P02")
    let both = operations.filter { $0["partners"]?.array?.contains { $0.text == "P02" } ?? false }
    #expect(!both.isEmpty && both.count < operations.count)
    #expect(try shown(page) == both.compactMap { $0["id"]?.text })
  }

  @Test func `managers are sorted by health, with those without a score last`() throws {
    let page = try ReportPage()
    let managers = try #require(page.files.assessment["managers"]?.array)
    let health = managers.compactMap { manager in
      manager["health"]?["value"]?.number.flatMap { value in manager["id"]?.text.map { ($0, value) } }
    }
    #expect(health.count == managers.count)
    let _: Bool = try page.browser.run(
      "document.getElementById('manager-M05').dataset.health = ''; return true")
    let known = health.filter { $0.0 != "M05" }
    try choose(page, "#order", "lowest health first")
    #expect(try shown(page) == known.sorted { $0.1 < $1.1 }.map(\.0) + ["M05"])
    try choose(page, "#order", "highest health first")
    #expect(try shown(page) == known.sorted { $0.1 > $1.1 }.map(\.0) + ["M05"])

    // Equal ones stay in the order of identifiers.
    func descending(_ value: (String) -> Double) -> [String] {
      let all = managers.compactMap { $0["id"]?.text }
      return all.enumerated().sorted { (-value($0.element), $0.offset) < (-value($1.element), $1.offset) }.map(
        \.element)
    }
    let pairs = try #require(page.files.assessment["pairs"]?.array)
    let requests = Dictionary(
      pairs.compactMap { p in p["manager"]?.text.flatMap { m in p["requests"]?.number.map { (m, $0) } } },
      uniquingKeysWith: +)
    try choose(page, "#order", "most requests first")
    #expect(try shown(page) == descending { requests[$0] ?? 0 })
    let lowest = Dictionary(
      managers.compactMap { m in
        m["id"]?.text.flatMap { id in m["rank"]?["probabilityLowestTenth"]?.number.map { (id, $0) } }
      }, uniquingKeysWith: { a, _ in a })
    #expect(lowest.count == 30)
    try choose(page, "#order", "likeliest in the lowest tenth first")
    #expect(try shown(page) == descending { lowest[$0] ?? 0 })
    try choose(page, "#order", "by identifier")
    #expect(try shown(page) == managers.compactMap { $0["id"]?.text })
  }

  @Test func `an address leads to a manager, also one that was narrowed away`() throws {
    let page = try ReportPage(fragment: "#manager-M14")
    func state() throws -> [String: Bool] {
      try page.browser.run(
        """
        await new Promise(r => setTimeout(r, 300));
        const d = document.getElementById('manager-M14'), r = d.getBoundingClientRect();
        return {open: d.open, inView: r.top >= -1 && r.top < innerHeight};
        """)
    }
    #expect(try state() == ["open": true, "inView": true])
    try type(page, "M01")
    let _: Bool = try page.browser.run("location.hash = '#managers'; location.hash = '#manager-M14'; return true")
    #expect(try state() == ["open": true, "inView": true])
  }

  @Test func `names lead to managers, from the summary, the ranking, findings and tables`() throws {
    let page = try ReportPage()
    let counts: [String: Int] = try page.browser.run(
      """
      const links = s => [...document.querySelectorAll(s)];
      const wrong = links('main a').filter(a => {
        const to = document.getElementById((a.getAttribute('href')).slice(1));
        return !to || to.tagName !== 'DETAILS' || to.querySelector('.name').textContent !== a.textContent; });
      return {wrong: wrong.length, summary: links('[aria-labelledby=summary] a').length,
        ranking: links('[aria-labelledby=ranking] svg a').length, findings: links('[aria-labelledby=favouritism] p a').length,
        tables: links('[aria-labelledby=favouritism] tbody :is(th, td) a').length};
      """)
    #expect(counts["wrong"] == 0)
    #expect(counts["ranking"] == 30)
    for place in ["summary", "findings", "tables"] { #expect(counts[place] ?? 0 >= 5, "\(place)") }
    let _: Bool = try page.browser.run(
      "document.querySelector('[aria-labelledby=ranking] svg a').dispatchEvent(new MouseEvent('click', {bubbles: true})); return true"
    )
    let opened: [String] = try page.browser.run(
      """
      await new Promise(r => setTimeout(r, 300));
      return [...document.querySelectorAll('details[open] .name')].map(n => n.textContent);
      """)
    let best = try #require(page.files.assessment["ranking"]?["order"]?.texts?.first)
    #expect(opened == [best])
  }

  // Waits in minutes and hours are sorted by how long they are, and dashes come last.
  @Test func `tables are sorted by what their cells mean`() throws {
    let page = try ReportPage()
    func column(_ title: String) throws -> [String] {
      try page.browser.run(
        """
        const t = document.querySelectorAll('section[aria-labelledby=partners] table')[1];
        const i = [...t.tHead.rows[0].cells].findIndex(c => c.textContent === '\(title)');
        t.tHead.rows[0].cells[i].querySelector('button').click();
        return [...t.tBodies[0].rows].map(r => r.cells[i].textContent);
        """)
    }
    func numbers(_ cells: [String]) -> [Double] {
      cells.compactMap { Double($0.prefix { $0.isNumber || $0 == "." || $0 == "," }.filter { $0 != "," }) }
    }
    let requests = numbers(try column("requests"))
    #expect(requests.count == 6 && requests == requests.sorted())
    let down = numbers(try column("requests"))
    #expect(down == requests.reversed())
    let direction: String = try page.browser.run(
      "return document.querySelector('section[aria-labelledby=partners] th[aria-sort]').getAttribute('aria-sort')")
    #expect(direction == "descending")
    // A column with these texts, sorted by a click.
    func sorted(_ texts: [String], column: Int) throws -> [String] {
      let list = texts.map { "'\($0)'" }.joined(separator: ", ")
      return try page.browser.run(
        """
        const t = document.querySelectorAll('section[aria-labelledby=partners] table')[1], rows = [...t.tBodies[0].rows];
        [\(list)].forEach((text, i) => rows[i].cells[\(column)].textContent = text);
        t.tHead.rows[0].cells[\(column)].querySelector('button').click();
        return [...t.tBodies[0].rows].map(r => r.cells[\(column)].textContent);
        """)
    }
    #expect(
      try sorted(["2.0 h", "90 min", "3.1 days", "–", "45 s", "1,200 min"], column: 5)
        == ["45 s", "90 min", "2.0 h", "1,200 min", "3.1 days", "–"])
    #expect(
      try sorted(["2.0 h", "1 min", "under 1 min", "–", "45 min", "2 min"], column: 7)
        == ["under 1 min", "1 min", "2 min", "45 min", "2.0 h", "–"])
    // Words that begin with numbers are words.
    #expect(
      try sorted(["17-C", "17-A", "2-B", "110", "9", "17-B"], column: 0)
        == ["2-B", "9", "17-A", "17-B", "17-C", "110"])
  }

  @Test func `a table is saved as CSV, and no cell is a formula`() throws {
    let page = try ReportPage()
    let text: String = try page.browser.run(
      """
      const t = document.querySelectorAll('section[aria-labelledby=partners] table')[1];
      t.tBodies[0].rows[0].cells[0].textContent = '=1+1, "x"';
      let blob, name;
      URL.createObjectURL = b => { blob = b; return 'blob:x'; };
      HTMLAnchorElement.prototype.click = function () { name = this.download; };
      t.caption.querySelector('button').click();
      return name + '|' + await blob.text();
      """)
    #expect(text.hasPrefix("requests-and-waits-by-partner.csv|"))
    let lines = text.dropFirst("requests-and-waits-by-partner.csv|".count).split(separator: "\r\n")
    #expect(lines.count == 7)
    // `text()` takes the byte order mark away.
    #expect(lines[0].hasPrefix("partner,requests,answered,open,"))
    #expect(lines[1].hasPrefix("\"'=1+1, \"\"x\"\"\","))
    let partners = try #require(page.files.assessment["partners"]?.array)
    for (line, partner) in zip(lines.dropFirst(2), partners.dropFirst()) {
      #expect(line.hasPrefix("\(partner["id"]?.text ?? "?"),\(Int(partner["requests"]?.number ?? -1)),"))
    }
  }

  @Test func `printed, all managers are open and controls are gone`() throws {
    let page = try ReportPage()
    try page.browser.show(medium: "print")
    let seen: [String: Int] = try page.browser.run(
      """
      window.dispatchEvent(new Event('beforeprint'));
      const seen = s => [...document.querySelectorAll(s)].filter(e => e.offsetParent !== null).length;
      return {open: document.querySelectorAll('details[open]').length, nav: seen('nav'), search: seen('.search'),
        buttons: seen('caption button'), sections: seen('main > section')};
      """)
    #expect(seen == ["open": 30, "nav": 0, "search": 0, "buttons": 0, "sections": 10])
  }

  // 718 pixels are what A4 has between a printer's margins. The widest table lost its verdicts there.
  @Test func `printed, no table is wider than the paper`() throws {
    let page = try ReportPage(width: 718)
    try page.browser.show(medium: "print")
    let tables: [Int] = try page.browser.run(
      """
      window.dispatchEvent(new Event('beforeprint'));
      const all = [...document.querySelectorAll('table')].filter(t => t.offsetParent !== null);
      return [all.length, all.filter(t => t.getBoundingClientRect().right > innerWidth).length];
      """)
    #expect(tables[0] > 70 && tables[1] == 0, "\(tables)")
  }

  // Where a manager's part ended with a page, the rule below it stood alone on the next.
  @Test func `printed, nothing follows the last line of a manager's part`() throws {
    let page = try ReportPage()
    try page.browser.show(medium: "print")
    let parts: [Int] = try page.browser.run(
      """
      window.dispatchEvent(new Event('beforeprint'));
      const bottom = e => e.getBoundingClientRect().bottom;
      const rooms = [...document.querySelectorAll('details.manager[open]')].map(
        d => bottom(d) - Math.max(...[...d.querySelectorAll('li, p, td, svg')].map(bottom)));
      return [rooms.length, rooms.filter(room => room > 1).length];
      """)
    #expect(parts == [30, 0])
  }

  @Test(arguments: [390, 1440]) func `nothing is wider than the window`(_ width: Int) throws {
    let page = try ReportPage(width: width)
    try page.openAll()
    let wide: Int = try page.browser.run("return document.documentElement.scrollWidth")
    #expect(wide <= width)
    // A table may be wider than its place and scroll there; what it is about is read without scrolling.
    let captions: [Int] = try page.browser.run(
      """
      const all = [...document.querySelectorAll('caption')];
      return [all.length, all.filter(c => {
        const text = document.createRange();
        text.selectNodeContents(c);
        return text.getBoundingClientRect().right > c.closest('.scroll').getBoundingClientRect().right + 1;
      }).length];
      """)
    #expect(captions[0] > 70 && captions[1] == 0, "\(captions)")
  }

  // From 201 managers on details are packed; M7 asked as many times as its number says.
  @Test func `details of many managers unpack when they are opened`() throws {
    let scratch = try Scratch()
    var text = "timestamp,kind,manager,partner,case\n"
    for i in 1...210 {
      for k in 1...(i == 7 ? 7 : 2) {
        text += "2026-01-0\(k)T09:00:00Z,request,M\(i),P1,R\(i)-\(k)\n"
        text += "2026-01-0\(k)T1\(i % 10):00:00Z,response,M\(i),P1,R\(i)-\(k)\n"
      }
    }
    let page = try ReportPage(try ReportPage.Files(events: scratch.write("events.csv", text)))
    let entry: String = try page.browser.run(
      """
      const d = [...document.querySelectorAll('details.manager')].find(d => d.querySelector('.name').textContent === 'M7');
      if (d.lastElementChild.textContent) return 'not packed';
      d.open = true;
      while (!d.isWhole) await new Promise(r => setTimeout(r, 20));
      if (!d.querySelector('th button')) return 'tables have no controls';
      return d.lastElementChild.textContent;
      """)
    #expect(entry.contains("In all 7 requests, 7 answers"), "\(entry)")
    #expect(try page.browser.complaints() == [])
  }

  @Test func `foreign text is inert and legible`() throws {
    let hostile = [
      "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "evil\u{202E}live", "=HYPERLINK(\"x\")",
      String(repeating: "x", count: 10_000), "👩🏽‍💼 Zoë ✓",
    ]
    let scratch = try Scratch()
    var text = "timestamp,kind,manager,partner,case\n"
    for (i, name) in hostile.enumerated() {
      let field = "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
      for day in 1...20 {
        let stamp = "2026-01-\(day < 10 ? "0" : "")\(day)T"
        text += "\(stamp)09:0\(i):00Z,request,\(field),<b>P</b>,R\(i)-\(day)\n"
        text += "\(stamp)1\(i):00:00Z,response,\(field),<b>P</b>,R\(i)-\(day)\n"
      }
    }
    let files = try ReportPage.Files(events: scratch.write("events.csv", text))
    let page = try ReportPage(files, width: 1000)
    try page.openAll()
    #expect(try page.browser.complaints() == [])
    let counts: [String: Int] = try page.browser.run(
      """
      const bad = document.querySelectorAll('main img, main b, main script:not([type="text/plain"])').length;
      return {bad: bad, wide: document.documentElement.scrollWidth};
      """)
    #expect(counts["bad"] == 0 && counts["wide"] ?? 9999 <= 1000)
    let names = try shown(page)
    #expect(names.count == hostile.count)
    for name in hostile where !name.contains("\u{202E}") { #expect(names.contains(name)) }
    #expect(names.contains { $0.hasPrefix("evil") && $0.hasSuffix("live") && !$0.contains("\u{202E}") })
    // Typed with its dots apart, as some keyboards and file names have them, a name is found as well.
    try type(page, "zoe\u{308}")
    #expect(try shown(page) == ["👩🏽‍💼 Zoë ✓"])
  }
}
