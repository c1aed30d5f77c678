import RapportScoring

/// How to make this report again.
struct ManifestSection {
  let assessment: Assessment
  let manifest: JSONValue?
  let version: String

  init(_ assessment: Assessment, manifest: JSONValue?, version: String) {
    self.assessment = assessment
    self.manifest = manifest
    self.version = version
  }

  var section: Page.Section {
    var blocks: [Block] = []
    if let inputs = manifest?["inputs"]?.elements, !inputs.isEmpty {
      blocks.append(
        Block(
          heading: "Inputs",
          table: PageTable(
            caption: "Event logs and ledgers that were read",
            headings: [("input", false), ("bytes", true), ("SHA-256", false)],
            rows: inputs.map { [Self.text($0["name"]), Self.text($0["bytes"]), Self.text($0["sha256"])] })))
    }
    let options = (try? JSONValue(encoding: assessment.basis.options)).map(Self.members) ?? []
    let given = manifest?["options"].map(Self.members) ?? []
    blocks.append(
      Block(
        heading: "Settings",
        table: PageTable(
          caption: "What was set", headings: [("setting", false), ("value", false)],
          rows: [["version", version]] + (given.isEmpty ? options : given))))
    for (key, title) in [("blas", "Linear algebra by"), ("started", "Started"), ("finished", "Scored")] {
      if let value = manifest?[key] { blocks[blocks.count - 1].paragraphs.append("\(title) \(Self.text(value)).") }
    }
    return Page.Section(anchor: "manifest", heading: "This run", blocks: blocks)
  }

  private static func members(_ value: JSONValue) -> [[String]] {
    guard case .object(let members) = value else { return [] }
    return members.filter { $0.value != .null }.sorted { $0.key < $1.key }.map { [$0.key, text($0.value)] }
  }

  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null: "–"
    case .string(let text): text
    case .some(let value): value.text(indented: false)
    }
  }
}
