/// A piece of a page's section: text, a drawing or a table.
struct Block {
  var heading: String?
  var paragraphs: [String] = []
  /// Something that a reader must not miss.
  var note: String?
  var bullets: [String] = []
  /// A finished SVG and what it shows.
  var drawing: (svg: String, label: String)?
  var table: PageTable?
  var managers: [[String: Any]] = []

  /// What the template reads. Every key is there, because a template looks for an absent one in what surrounds it.
  var context: [String: Any] {
    [
      "heading": heading.map { PageText.safe($0) } ?? false,
      "paragraphs": paragraphs.map(PageText.safe),
      "note": note.map { PageText.safe($0) } ?? false,
      "bullets": bullets.map(PageText.safe),
      "hasBullets": !bullets.isEmpty,
      "drawing": drawing?.svg ?? false,
      "drawingLabel": drawing.map { PageText.safe($0.label) } ?? "",
      "table": table?.context ?? false,
      "managers": managers,
    ]
  }
}

/// A table of a page.
struct PageTable {
  var caption: String
  /// A heading and whether the column holds numbers.
  var headings: [(text: String, isNumber: Bool)]
  var rows: [[String]]

  var context: [String: Any] {
    [
      "caption": PageText.safe(caption),
      "headings": headings.map { ["text": PageText.safe($0.text), "isNumber": $0.isNumber] as [String: Any] },
      "rows": rows.map { row in
        [
          "cells": zip(row, headings).map { cell, heading in
            ["text": PageText.safe(cell), "isNumber": heading.isNumber] as [String: Any]
          }
        ]
      },
    ]
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
