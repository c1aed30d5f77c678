import Mustache

// What the templates read. Every name is answered, with `false` where there is nothing, because a template looks for an
// absent one in what surrounds it.

extension Block: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "heading": heading ?? false
    case "paragraphs": paragraphs.map(PageText.sentence)
    case "note": note.map(PageText.sentence) ?? false
    case "bullets": bullets.map(PageText.sentence)
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
    case "headings": runs(headings.map(\.text)) { headings[$0].isNumber ? .number : .word }
    case "rows": rows.map(runs)
    default: nil
    }
  }

  private func runs(_ row: [String]) -> [Run] {
    precondition(row.count == headings.count, "\(row.count) cells below \(headings.count) headings")
    return runs(row) { column in
      if column == 0 { return .head }
      if column == managerColumn || Cell.isLong(row[column]) { return .other }
      return headings[column].isNumber ? .number : .word
    }
  }

  private func runs(_ texts: [String], kind: (Int) -> Run.Kind) -> [Run] {
    var runs: [Run] = []
    for (column, text) in texts.enumerated() {
      let kind = kind(column)
      if runs.last?.kind != kind { runs.append(Run(kind: kind)) }
      switch kind {
      case .word, .number: runs[runs.count - 1].texts.append(text)
      case .head, .other:
        runs[runs.count - 1].cells.append(
          Cell(text: text, isNumber: headings[column].isNumber, isManager: column == managerColumn))
      }
    }
    return runs
  }

  /// Cells of one kind that follow one another.
  private struct Run: MustacheParent {
    enum Kind {
      /// What names the row.
      case head
      case word, number
      /// Long words, and links.
      case other
    }
    var kind: Kind
    /// Of words and numbers.
    var texts: [String] = []
    /// Of heads and others.
    var cells: [Cell] = []

    func child(named name: String) -> Any? {
      switch name {
      case "heads": kind == .head ? cells : false
      case "words": kind == .word ? texts : false
      case "numbers": kind == .number ? texts : false
      case "others": kind == .other ? cells : false
      default: nil
      }
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
      case "isLong": Self.isLong(text)
      case "anchor": isManager ? Page.anchor(of: text) : false
      default: nil
      }
    }

    /// Whether the text has a word so long that it must be broken, or it would push the other columns off the page.
    static func isLong(_ text: String) -> Bool {
      // A word has no more characters than bytes, and most have few of those.
      var (bytes, most) = (0, 0)
      for byte in text.utf8 {
        bytes = byte == UInt8(ascii: " ") ? 0 : bytes + 1
        most = max(most, bytes)
      }
      return most > 30 && text.split(separator: " ").contains { $0.count > 30 }
    }
  }
}
