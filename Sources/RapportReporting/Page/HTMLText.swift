/// HTML that is being written, as bytes.
///
/// The page's frame comes from templates; what it has thousands of, blocks and managers' entries, is written here: by a template
/// they took as long as everything that stands in them.
struct HTMLText {
  private(set) var bytes: [UInt8] = []

  var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends our own markup as it is.
  mutating func add(_ markup: String) {
    var markup = markup
    markup.withUTF8 { bytes.append(contentsOf: $0) }
  }

  /// Appends text between tags or in a quoted attribute, fit for a page (``PageText``) and escaped.
  mutating func add(text: String) {
    var text = PageText.safe(text)
    text.withUTF8 { text in
      for byte in text {
        switch byte {
        case UInt8(ascii: "<"): add("&lt;")
        case UInt8(ascii: ">"): add("&gt;")
        case UInt8(ascii: "&"): add("&amp;")
        case UInt8(ascii: "\""): add("&quot;")
        case UInt8(ascii: "'"): add("&#39;")
        default: bytes.append(byte)
        }
      }
    }
  }
}

extension HTMLText {
  mutating func add(_ block: Block) {
    if let heading = block.heading { add(tag: "h3", heading) }
    for paragraph in block.paragraphs { add(tag: "p", paragraph) }
    if let note = block.note {
      add("<p class=\"note\">")
      add(text: note)
      add("</p>")
    }
    if !block.bullets.isEmpty {
      add("<ul>")
      for bullet in block.bullets { add(tag: "li", bullet) }
      add("</ul>")
    }
    var seen: Set<String> = []
    let linked = block.linked.filter { seen.insert($0).inserted }
    if !linked.isEmpty {
      add("<p class=\"links\">Open: ")
      for manager in linked {
        add(linkTo: manager)
        add(" ")
      }
      add("</p>")
    }
    if let drawing = block.drawing {
      add("<div class=\"scroll\">")
      add(drawing.svg)
      add("</div>")
    }
    if let table = block.table { add(table) }
  }

  private mutating func add(tag: String, _ text: String) {
    add("<\(tag)>")
    add(text: text)
    add("</\(tag)>")
  }

  /// A manager's name that leads to its part of the page.
  private mutating func add(linkTo manager: String) {
    add("<a href=\"#")
    add(text: Page.anchor(of: manager))
    add("\">")
    add(text: manager)
    add("</a>")
  }

  mutating func add(_ table: PageTable) {
    add("<div class=\"scroll\"><table><caption>")
    add(text: table.caption)
    add("</caption><thead><tr>")
    for heading in table.headings {
      add(heading.isNumber ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
      add(text: heading.text)
      add("</th>")
    }
    add("</tr></thead><tbody>")
    for row in table.rows {
      add("<tr>")
      for (column, cell) in zip(row, table.headings).enumerated() {
        add("<td")
        if cell.1.isNumber { add(" class=\"n\"") }
        if PageTable.isLong(cell.0) { add(" class=\"long\"") }
        add(">")
        if column == table.managerColumn { add(linkTo: cell.0) } else { add(text: cell.0) }
        add("</td>")
      }
      add("</tr>")
    }
    add("</tbody></table></div>")
  }

  mutating func add(_ entry: ManagerListing) {
    add("<details class=\"manager\" id=\"")
    add(text: entry.anchor)
    for (name, value) in [
      ("choices", entry.keys.choices), ("health", entry.keys.health), ("lowest", entry.keys.lowest),
      ("requests", entry.keys.requests),
    ] {
      add("\" data-\(name)=\"")
      add(text: value)
    }
    add("\"><summary><span class=\"name\"><bdi>")
    add(text: entry.id)
    add("</bdi></span><span>")
    add(text: entry.headline)
    add("</span><span class=\"muted\">")
    add(text: entry.place)
    add("</span></summary><div>")
    add(entry.details)
    add("</div></details>\n")
  }
}

/// A manager's line in the list, and what opening it shows.
struct ManagerListing {
  var anchor: String
  var id: String
  var headline: String
  var place: String
  /// HTML of our own making; empty where it is packed.
  var details: String
  /// What the list can be narrowed and sorted by.
  var keys: ManagerChoices.Keys
}
