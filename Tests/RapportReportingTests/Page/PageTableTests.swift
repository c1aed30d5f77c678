import Testing

@testable import RapportReporting

@Suite struct PageTableTests {
  // Each cell by hand: the one that names the row, words and numbers in turn, a link, a word of 31 letters, one of 30 with more bytes, a link that is long.
  @Test func `cells of every kind in their order`() throws {
    let long = String(repeating: "w", count: 31)
    var block = Block()
    block.table = PageTable(
      caption: "a < b", headings: [("who", false), ("n", true), ("m", true), ("why", false)],
      rows: [
        ["ann", "1", "2", "x & y"], [long, "3", "4", "z \(long)"], ["b o", "", "5", String(repeating: "é", count: 30)],
      ], managerColumn: 0)
    let html = try PageTemplates.library().render(block, withTemplate: "block")
    let thirty = String(repeating: "é", count: 30)
    #expect(
      html == """
        <div class="scroll"><table><caption>a &lt; b</caption><thead><tr><th scope="col">who</th><th scope="col" class="n">n</th>\
        <th scope="col" class="n">m</th><th scope="col">why</th></tr></thead><tbody>\
        <tr><th scope="row"><a href="#manager-ann">ann</a></th><td class="n">1</td><td class="n">2</td><td>x &amp; y</td></tr>\
        <tr><th scope="row" class="long"><a href="#manager-\(long)">\(long)</a></th><td class="n">3</td><td class="n">4</td>\
        <td class="long">z \(long)</td></tr>\
        <tr><th scope="row"><a href="#manager-b_20o">b o</a></th><td class="n"></td><td class="n">5</td><td>\(thirty)</td></tr>\
        </tbody></table></div>
        """)
  }

  @Test func `a table without rows, and one of numbers alone`() throws {
    let library = try PageTemplates.library()
    var block = Block()
    block.table = PageTable(caption: "c", headings: [("n", true)], rows: [])
    let head = """
      <div class="scroll"><table><caption>c</caption><thead><tr><th scope="col" class="n">n</th></tr></thead>
      """
    #expect(library.render(block, withTemplate: "block") == head + "<tbody></tbody></table></div>")
    block.table?.rows = [["1"], ["2"]]
    #expect(
      library.render(block, withTemplate: "block")
        == head
        + "<tbody><tr><th scope=\"row\" class=\"n\">1</th></tr><tr><th scope=\"row\" class=\"n\">2</th></tr></tbody>"
        + "</table></div>")
  }
}
