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
  var managers: [ManagerListing] = []

  /// As it stands in a page, without managers.
  var html: String {
    var text = HTMLText()
    text.add(self)
    return text.string
  }

  /// What the template reads.
  var context: [String: Any] {
    var listing = HTMLText()
    for manager in managers { listing.add(manager) }
    return ["html": html, "managers": listing.string]
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
}

extension PageTable {
  /// Whether a text has a word so long that it must be broken, or it would push the other columns off the page.
  static func isLong(_ text: String) -> Bool {
    text.utf8.count > 30 && text.split(separator: " ").contains { $0.count > 30 }
  }
}

/// Makes foreign text fit for a page.
enum PageText {
  /// `text` without control characters, and so that no escaping can miss a special character.
  ///
  /// Templates escape by user-perceived characters: a `<` that a prepended or combining scalar joins would
  /// slip through. A word joiner on both sides keeps each special character by itself.
  static func safe(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    if text.utf8.count <= mostCharacters, text.unicodeScalars.allSatisfy(standsAlone) { return text }
    var result = String.UnicodeScalarView()
    for character in Legible.text(text, limit: mostCharacters) {
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

  /// Of foreign text.
  private static let mostCharacters = 20_000

  /// Whether a scalar is visible and never part of a character with others: Latin letters and signs, dashes, quotes and a
  /// minus, of which the page's own text has many.
  private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F, 0xA1..<0xAD, 0xAE..<0x180, 0x2010..<0x2028, 0x2212: true
    default: false
    }
  }

  private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "<" || scalar == ">" || scalar == "&" || scalar == "\"" || scalar == "'"
  }
}
