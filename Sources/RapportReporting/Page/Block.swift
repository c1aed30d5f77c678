/// A piece of a page's section: text, a drawing or a table.
struct Block {
  var heading: String?
  var paragraphs: [String] = []
  /// Something that a reader must not miss.
  var note: String?
  var bullets: [String] = []
  /// Managers whose parts of the page a reader will want to open next; each is linked once.
  var linked: [String] = []
  /// A finished SVG and what it shows.
  var drawing: (svg: String, label: String)?
  var table: PageTable?
  var managers: [[String: Any]] = []

  /// What the template reads. Every key is there, because a template looks for an absent one in what surrounds it.
  var context: [String: Any] {
    var seen: Set<String> = []
    let linked = linked.filter { seen.insert($0).inserted }
    return [
      "heading": heading.map { PageText.safe($0) } ?? false,
      "paragraphs": paragraphs.map(PageText.safe),
      "note": note.map { PageText.safe($0) } ?? false,
      "bullets": bullets.map(PageText.safe),
      "hasBullets": !bullets.isEmpty,
      "linked": linked.isEmpty
        ? false
        : ["links": linked.map { ["anchor": Page.anchor(of: $0), "name": PageText.safe($0)] }] as [String: Any],
      "drawing": drawing?.svg ?? false,
      "table": table?.context ?? false,
      "managers": managers,
    ]
  }
}

extension Block {
  /// Sentences with the managers whom they are of.
  init(heading: String, paragraphs: [String] = [], told: [Sentences.Told]) {
    self.init(
      heading: heading, paragraphs: paragraphs, bullets: told.map(\.sentence), linked: told.compactMap(\.manager))
  }
}

/// A table of a page.
struct PageTable {
  var caption: String
  /// A heading and whether the column holds numbers.
  var headings: [(text: String, isNumber: Bool)]
  var rows: [[String]]
  /// The column that names managers; its cells lead to their parts of the page.
  var managerColumn: Int?

  var context: [String: Any] {
    [
      "caption": PageText.safe(caption),
      "headings": headings.map { ["text": PageText.safe($0.text), "isNumber": $0.isNumber] as [String: Any] },
      "rows": rows.map { row in
        [
          "cells": zip(row, headings).enumerated().map { column, cell in
            [
              "text": PageText.safe(cell.0), "isNumber": cell.1.isNumber, "isLong": Self.isLong(cell.0),
              "anchor": column == managerColumn ? Page.anchor(of: cell.0) as Any : false,
            ] as [String: Any]
          }
        ]
      },
    ]
  }
}

extension PageTable {
  /// Whether a text has a word so long that it must be broken, or it would push the other columns off the page.
  private static func isLong(_ text: String) -> Bool {
    text.split(separator: " ").contains { $0.count > 30 }
  }
}

/// Makes foreign text fit for a template.
enum PageText {
  /// `text` without control characters, and so that the template's escaping can't miss a special character.
  ///
  /// The template library escapes by user-perceived characters: a `<` that a prepended or combining scalar joins would
  /// slip through. A word joiner on both sides keeps each special character by itself.
  static func safe(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = String.UnicodeScalarView()
    for character in Legible.text(text, limit: 20_000) {
      let joins = character.unicodeScalars.count > 1
      for scalar in character.unicodeScalars {
        if joins, isSpecial(scalar) {
          result.append("\u{2060}")
          result.append(scalar)
          result.append("\u{2060}")
        } else {
          result.append(scalar)
        }
      }
    }
    return String(result)
  }

  private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "<" || scalar == ">" || scalar == "&" || scalar == "\"" || scalar == "'"
  }
}
