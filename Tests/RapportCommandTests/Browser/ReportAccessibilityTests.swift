import Foundation
import RapportTestSupport
import Testing

/// What readers need who don't see the page, don't use a mouse, or see colours and contrasts less well: rules of WCAG 2.2 at
/// level AA that a program can check, each by the name of its success criterion.
@Suite(.serialized, .enabled(if: Browser.isAvailable)) struct ReportAccessibilityTests {
  private func page(width: Int = 1440) throws -> ReportPage {
    let page = try ReportPage(width: width)
    try page.openAll()
    return page
  }

  /// What a script finds wrong, a line each.
  private func mistakes(_ page: ReportPage, _ script: String) throws -> [String] { try page.browser.run(script) }

  // 1.1.1 Non-text Content, 4.1.2 Name, Role, Value.
  @Test func `drawings and controls have names`() throws {
    let page = try page()
    let wrong = try mistakes(
      page,
      """
      const name = e => (e.getAttribute('aria-label') || (e.labels && e.labels[0] && e.labels[0].textContent)
        || e.textContent || '').trim();
      const tell = e => e.outerHTML.slice(0, 120);
      const wrong = [];
      // What an image holds can't be reached; a drawing with links is a group, and one whose texts tell its figures.
      for (const e of document.querySelectorAll('svg')) {
        const figures = [...e.querySelectorAll('text')].filter(t => /\\d/.test(t.textContent)).length;
        const fits = e.getAttribute('role') === 'group' ? figures > 0 : e.getAttribute('role') === 'img' && !e.querySelector('a');
        if (!fits || !e.getAttribute('aria-label')) wrong.push('drawing without a name: ' + tell(e));
      }
      for (const e of document.querySelectorAll('a[href], button, summary'))
        if (!name(e)) wrong.push('no name: ' + tell(e));
      for (const e of document.querySelectorAll('input, select'))
        if (!e.labels.length) wrong.push('no label: ' + tell(e));
      for (const e of document.querySelectorAll('[role=group], nav'))
        if (!e.getAttribute('aria-label')) wrong.push('region without a name: ' + tell(e));
      return wrong;
      """)
    #expect(wrong == [])
    let drawings: Int = try page.browser.run("return document.querySelectorAll('svg').length")
    #expect(drawings > 100)
  }

  // 1.3.1 Info and Relationships, 2.4.2 Page Titled, 3.1.1 Language of Page, 4.1.1 Parsing.
  @Test func `headings, tables and landmarks say what belongs where`() throws {
    let page = try page()
    let wrong = try mistakes(
      page,
      """
      const wrong = [];
      if (document.documentElement.lang !== 'en') wrong.push('no language');
      if (!document.title.trim()) wrong.push('no title');
      for (const t of ['main', 'header', 'nav', 'footer', 'h1'])
        if (document.querySelectorAll(t).length !== 1) wrong.push('not one ' + t);
      let last = 0;
      for (const h of document.querySelectorAll('h1, h2, h3, h4')) {
        const level = +h.tagName[1];
        if (level > last + 1) wrong.push('skips a level: ' + h.textContent);
        if (!h.textContent.trim()) wrong.push('empty heading');
        last = level;
      }
      const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
      if (new Set(ids).size !== ids.length) wrong.push('an id twice');
      for (const e of document.querySelectorAll('[aria-labelledby]'))
        if (!document.getElementById(e.getAttribute('aria-labelledby'))) wrong.push('label is missing');
      for (const t of document.querySelectorAll('table')) {
        if (!t.caption || !t.caption.textContent.trim()) wrong.push('table without caption');
        for (const th of t.tHead.rows[0].cells)
          if (th.scope !== 'col' || !th.textContent.trim()) wrong.push('column without heading: ' + t.caption.textContent);
        for (const r of t.tBodies[0].rows)
          if (r.cells[0].tagName !== 'TH' || r.cells[0].scope !== 'row') wrong.push('row without heading: ' + t.caption.textContent);
        for (const r of t.tBodies[0].rows)
          if (r.cells.length !== t.tHead.rows[0].cells.length) wrong.push('ragged: ' + t.caption.textContent);
      }
      for (const u of document.querySelectorAll('ul'))
        if ([...u.children].some(c => c.tagName !== 'LI') || !u.children.length) wrong.push('list of other things');
      return wrong;
      """)
    #expect(wrong == [])
  }

  // 1.4.3 Contrast (Minimum): 4.5 for text; 1.4.11 Non-text Contrast: 3 for marks.
  @Test(arguments: ["light", "dark"]) func `text and marks stand out from what is behind them`(_ scheme: String) throws
  {
    let page = try page()
    try page.browser.show(scheme: scheme)
    let found: [String: Any] = try page.browser.run(
      """
      const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return {c: m.slice(0, 3), a: m.length > 3 ? m[3] : 1}; };
      const over = (top, under) => top.c.map((v, i) => v * top.a + under[i] * (1 - top.a));
      const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
        return .2126 * r + .7152 * g + .0722 * b; };
      const contrast = (a, b) => { const [x, y] = [light(a), light(b)]; return (Math.max(x, y) + .05) / (Math.min(x, y) + .05); };
      const paper = e => { const chain = []; for (; e; e = e.parentElement) chain.unshift(parse(getComputedStyle(e).backgroundColor));
        return chain.reduce((under, top) => over(top, under), [255, 255, 255]); };
      const wrong = new Set(), seen = {text: 0, marks: 0};
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let n = walker.nextNode(); n; n = walker.nextNode()) {
        const e = n.parentElement;
        if (!n.textContent.trim() || e.closest('script, style, svg') || !e.getClientRects().length) continue;
        const k = contrast(parse(getComputedStyle(e).color).c, paper(e));
        seen.text++;
        if (k < 4.5) wrong.add('text ' + k.toFixed(2) + ': ' + n.textContent.slice(0, 40));
      }
      for (const svg of document.querySelectorAll('svg')) {
        const under = paper(svg);
        // A text stands on the cell that it was drawn over.
        const cells = [...svg.querySelectorAll('rect.cell')].map(r => ({b: r.getBBox(), s: getComputedStyle(r)}));
        for (const t of svg.querySelectorAll('text')) {
          const b = t.getBBox(), x = b.x + b.width / 2, y = b.y + b.height / 2;
          const cell = cells.find(c => c.b.x <= x && x <= c.b.x + c.b.width && c.b.y <= y && y <= c.b.y + c.b.height);
          const back = cell ? over({c: parse(cell.s.fill).c, a: +cell.s.fillOpacity}, under) : under;
          const k = contrast(parse(getComputedStyle(t).fill).c, back);
          seen.text++;
          if (k < 4.5) wrong.add('drawing text ' + k.toFixed(2) + ': ' + t.textContent);
        }
        for (const m of svg.querySelectorAll('.point, .interval, .series, rect.plain, rect.raise, rect.lower:not(.cell), .usual')) {
          const s = getComputedStyle(m), colour = s.stroke === 'none' ? s.fill : s.stroke;
          const k = contrast(parse(colour).c, under);
          seen.marks++;
          if (k < 3) wrong.add('mark ' + k.toFixed(2) + ': ' + m.getAttribute('class'));
        }
      }
      return {wrong: [...wrong], text: seen.text, marks: seen.marks};
      """)
    #expect(found["wrong"] as? [String] == [])
    #expect(found["text"] as? Int ?? 0 > 5000 && found["marks"] as? Int ?? 0 > 2000)
    let paper: String = try page.browser.run("return getComputedStyle(document.body).backgroundColor")
    #expect(paper == (scheme == "dark" ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)"))
  }

  // 2.1.1 Keyboard, 2.1.2 No Keyboard Trap, 2.4.1 Bypass Blocks, 2.4.3 Focus Order, 2.4.7 Focus Visible.
  @Test func `the keyboard reaches everything in the order of reading`() throws {
    let page = try ReportPage()
    let expected: [String] = try page.browser.run(
      """
      window.tell = e => e.id || e.getAttribute('href') || e.getAttribute('aria-label') || e.textContent.trim().slice(0, 40);
      return [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
        .filter(e => e.className === 'skip' || e.checkVisibility()).slice(0, 120).map(tell);
      """)
    #expect(
      try mistakes(page, "return [...document.querySelectorAll('[tabindex]')].filter(e => e.tabIndex !== 0).map(tell)")
        == [])
    // The list of managers, with all that stands before it.
    #expect(expected.count == 120)
    var reached: [String] = []
    for _ in expected {
      try page.browser.press("\u{E004}")
      let at: String = try page.browser.run(
        """
        const e = document.activeElement, s = getComputedStyle(e);
        return tell(e) + (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2 ? ' (focus not seen)' : '');
        """)
      reached.append(at)
    }
    #expect(reached == expected)
  }

  @Test func `Enter opens a manager, follows the skip link and sorts a table`() throws {
    let page = try ReportPage()
    try page.browser.press("\u{E004}\u{E007}")
    let fragment: String = try page.browser.run("return location.hash")
    #expect(fragment == "#summary")
    let _: Bool = try page.browser.run("document.querySelector('#manager-M03 summary').focus(); return true")
    try page.browser.press("\u{E007}")
    let isOpen: Bool = try page.browser.run("return document.getElementById('manager-M03').open")
    #expect(isOpen)
    let _: Bool = try page.browser.run(
      "document.querySelector('#partners ~ * th button, th button').focus(); return true")
    try page.browser.press("\u{E007}")
    let sorted: Int = try page.browser.run("return document.querySelectorAll('th[aria-sort=ascending]').length")
    #expect(sorted == 1)
  }

  // 1.4.1 Use of Color: marked points and lines differ in shape or pattern as well.
  @Test func `nothing is told by colour alone`() throws {
    let page = try page()
    let wrong = try mistakes(
      page,
      """
      const wrong = [], style = e => getComputedStyle(e);
      const one = s => document.querySelector(s);
      const [plain, marked] = [one('.point.plain'), one('.point.marked')].map(style);
      if ((plain.fill === plain.stroke) === (marked.fill === marked.stroke)) wrong.push('points');
      if (style(one('.interval.plain')).strokeWidth === style(one('.interval.marked')).strokeWidth) wrong.push('intervals');
      const [line, random] = [one('.series.plain'), one('.series.random')].map(style);
      if (line.strokeDasharray === random.strokeDasharray) wrong.push('lines');
      const [raise, lower] = [one('rect.raise'), one('rect.lower')].map(style);
      if (raise.stroke === lower.stroke || (raise.stroke === 'none') === (lower.stroke === 'none')) wrong.push('bars');
      return wrong;
      """)
    #expect(wrong == [])
  }

  // 2.5.8 Target Size (Minimum): controls take 24 pixels each way, and circles of 24 around links in drawings keep apart. Links in
  // sentences and cells are as high as their lines. A row's name looks as its other cells do.
  @Test func `what can be clicked is large enough, or stands apart`() throws {
    let page = try page()
    let found: [String: Any] = try page.browser.run(
      """
      const wrong = [], seen = {controls: 0, links: 0};
      const box = e => e.getBoundingClientRect(), tell = e => e.textContent.trim().slice(0, 40) || e.id;
      for (const e of document.querySelectorAll('button, input, select, summary')) {
        if (!e.checkVisibility()) continue;
        const b = box(e);
        seen.controls++;
        if (b.height < 23.9 || b.width < 23.9) wrong.push(`${b.width} × ${b.height}: ${tell(e)}`);
      }
      for (const svg of document.querySelectorAll('svg')) {
        const places = [...svg.querySelectorAll('a')].map(a => ({a: a, b: box(a)}))
          .map(p => ({a: p.a, x: (p.b.left + p.b.right) / 2, y: (p.b.top + p.b.bottom) / 2}));
        seen.links += places.length;
        for (let i = 0; i < places.length; i++) for (let j = 0; j < i; j++) {
          const [p, q] = [places[i], places[j]];
          if (Math.hypot(p.x - q.x, p.y - q.y) < 23.9) wrong.push(`near one another: ${tell(p.a)}, ${tell(q.a)}`);
        }
      }
      const [head, cell] = ['tbody th', 'tbody td:not(.n)'].map(s => getComputedStyle(document.querySelector(s)));
      for (const name of ['fontWeight', 'fontSize', 'color', 'textAlign', 'verticalAlign', 'paddingTop', 'unicodeBidi'])
        if (head[name] !== cell[name]) wrong.push(`${name} of a row's name: ${head[name]}`);
      return {wrong: wrong, controls: seen.controls, links: seen.links};
      """)
    #expect(found["wrong"] as? [String] == [])
    #expect(found["controls"] as? Int ?? 0 > 200 && found["links"] as? Int == 30)
  }

  // Labels as the browser's own font draws them; what tests compute from the font's widths holds here too.
  @Test func `no two labels of a drawing overlap`() throws {
    let page = try page()
    let wrong = try mistakes(
      page,
      """
      const wrong = [];
      for (const svg of document.querySelectorAll('svg')) {
        const boxes = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim())
          .map(t => ({t: t.textContent, b: t.getBoundingClientRect()}));
        for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
          const [a, b] = [boxes[i].b, boxes[j].b];
          const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (w > 1 && h > 3) wrong.push(svg.getAttribute('aria-label') + ': ' + boxes[i].t + ' / ' + boxes[j].t);
        }
      }
      return wrong;
      """)
    #expect(wrong == [])
  }
}
