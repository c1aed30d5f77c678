import Mustache

// What the templates read. Every name is answered, with `false` where there is nothing, because a template looks for an
// absent one in what surrounds it.

extension Block: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "heading": heading ?? false
    case "paragraphs": paragraphs
    case "note": note ?? false
    case "bullets": bullets
    case "hasBullets": !bullets.isEmpty
    case "links": links
    case "hasLinks": !linked.isEmpty
    case "drawing": drawing?.svg ?? false
    case "table": table ?? false
    case "managers": managers
    default: nil
    }
  }

  private var links: [ManagerLink] {
    var seen: Set<String> = []
    return linked.filter { seen.insert($0).inserted }.map(ManagerLink.init)
  }
}

/// A manager's name that leads to its part of the page.
private struct ManagerLink: MustacheParent {
  var manager: String

  func child(named name: String) -> Any? {
    switch name {
    case "name": manager
    case "anchor": Page.anchor(of: manager)
    default: nil
    }
  }
}

extension PageTable: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "caption": caption
    case "headings": headings.map { Cell(text: $0.text, isNumber: $0.isNumber, isManager: false) }
    case "rows": rows.map(cells)
    default: nil
    }
  }

  private func cells(_ row: [String]) -> [Cell] {
    zip(row, headings).enumerated().map { column, cell in
      Cell(text: cell.0, isNumber: cell.1.isNumber, isManager: column == managerColumn)
    }
  }

  private struct Cell: MustacheParent {
    var text: String
    var isNumber: Bool
    var isManager: Bool

    func child(named name: String) -> Any? {
      switch name {
      case "text": text
      case "isNumber": isNumber
      case "isLong": isLong
      case "anchor": isManager ? Page.anchor(of: text) : false
      default: nil
      }
    }

    /// Whether the text has a word so long that it must be broken, or it would push the other columns off the page.
    private var isLong: Bool {
      text.utf8.count > 30 && text.split(separator: " ").contains { $0.count > 30 }
    }
  }
}
