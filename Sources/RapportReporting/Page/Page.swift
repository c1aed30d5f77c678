import CSodium
import RapportIngestion
import RapportScoring

/// The report that HR opens: one file without a network, made from an assessment alone.
public struct Page {
  /// A part of the page.
  struct Section {
    var anchor: String
    var heading: String
    var hasSearch = false
    var blocks: [Block]
  }

  private let assessment: Assessment
  private let manifest: JSONValue?
  private let version: String

  /// - Parameter manifest: the run's, shown at the end.
  public init(_ assessment: Assessment, manifest: JSONValue? = nil, version: String) {
    self.assessment = assessment
    self.manifest = manifest
    self.version = version
  }

  /// The document.
  ///
  /// - Throws: where a template can't be compiled, which is a defect.
  public func html() throws -> String {
    let library = try PageTemplates.library()
    let context: [String: Any] = [
      "title": PageText.safe(title),
      "version": version,
      "style": Self.style,
      "styleHash": Self.hash(Self.style),
      "script": Self.script,
      "scriptHash": Self.hash(Self.script),
      "sections": sections.map { section in
        [
          "anchor": section.anchor, "heading": section.heading, "search": section.hasSearch,
          "blocks": section.blocks.map(\.context),
        ] as [String: Any]
      },
    ]
    return library.render(context, withTemplate: "page") ?? ""
  }

  private var title: String {
    "\(Figure.count(assessment.managers.count, "manager")), \(Figure.count(assessment.partners.count, "partner")), "
      + "as of \(assessment.basis.asOf)"
  }

  private var sections: [Section] {
    [
      SummarySection(assessment).section, RankingSection(assessment).section, ManagersSection(assessment).section,
      PartnersSection(assessment).section, FavouritismSection(assessment).section, FactorsSection(assessment).section,
      QualitySection(assessment).section, MethodsSection(assessment).section,
      ManifestSection(assessment, manifest: manifest, version: version).section,
    ]
  }

  /// SHA-256 in base 64, as a Content-Security-Policy names an inline style or script.
  static func hash(_ text: String) -> String {
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    let bytes = Array(text.utf8)
    crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
    var base64 = [CChar](repeating: 0, count: 64)
    let length = digest.count
    sodium_bin2base64(&base64, base64.count, digest, length, Int32(sodium_base64_VARIANT_ORIGINAL))
    return String(decoding: base64.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
