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
