import CSodium
import Mustache
import RapportIngestion
import RapportScoring

/// The report that HR opens: one file without a network, made from an assessment alone.
public struct Page {
  /// A part of the page.
  struct Section {
    var anchor: String
    var heading: String
    /// What the managers in it can be narrowed and sorted by.
    var choices: [String: Any]?
    var blocks: [Block]
    /// Packed details of managers, by number.
    var parts: [String] = []
    /// Whether the browser lays it out only when it comes near the screen: a page of thousands would open seconds later. Screen
    /// readers can lose their place where such a part begins, so text that is read from end to end is never deferred.
    var isDeferred = false
  }

  private let assessment: Assessment
  private let manifest: JSONValue?
  private let version: String
  private let threads: Int

  /// - Parameters:
  ///   - manifest: the run's, shown at the end.
  ///   - threads: how many work; they can't change the page.
  public init(_ assessment: Assessment, manifest: JSONValue? = nil, version: String, threads: Int = 1) {
    self.threads = threads
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
      "title": title,
      "version": version,
      "style": Self.style,
      "styleHash": Self.hash(Self.style),
      "script": Self.script,
      "scriptHash": Self.hash(Self.script),
      "sections": sections(library).map { section in
        [
          "anchor": section.anchor, "heading": section.heading, "search": section.choices ?? false,
          "isDeferred": section.isDeferred,
          "blocks": section.blocks,
          "parts": section.parts.enumerated().map { ["number": $0, "data": $1] as [String: Any] },
        ] as [String: Any]
      },
    ]
    return library.render(context, withTemplate: "page") ?? ""
  }

  /// Where a manager's part stands: by its identifier, so that an address still leads there when others join or leave.
  ///
  /// Letters, digits, `.` and `-` stay, other bytes become `_` and two hexadecimal digits; a long identifier is told by its hash.
  static func anchor(of manager: String) -> String {
    let bytes = Array(manager.utf8)
    guard bytes.count <= 60 else {
      return "manager-" + hash(manager).filter { $0.isLetter || $0.isNumber }
    }
    return bytes.reduce(into: "manager-") { text, byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "_" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
  }

  private var title: String {
    "\(Figure.count(assessment.managers.count, "manager")), \(Figure.count(assessment.partners.count, "partner")), "
      + "as of \(Wording.day(assessment.basis.asOf))"
  }

  private func sections(_ library: MustacheLibrary) -> [Section] {
    var (funnels, partners) = (FunnelsSection(assessment).section, PartnersSection(assessment).section)
    var managers = ManagersSection(assessment, library: library, threads: threads).section
    managers.isDeferred = !managers.parts.isEmpty
    (funnels.isDeferred, partners.isDeferred) = (managers.isDeferred, managers.isDeferred)
    return [
      SummarySection(assessment).section, RankingSection(assessment).section, funnels, managers, partners,
      FavouritismSection(assessment).section, FactorsSection(assessment).section, QualitySection(assessment).section,
      MethodsSection(assessment).section, ManifestSection(assessment, manifest: manifest, version: version).section,
    ]
  }

  /// SHA-256 in base 64, as a Content-Security-Policy names an inline style or script.
  static func hash(_ text: String) -> String {
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    let bytes = Array(text.utf8)
    crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
    return Packing.base64(digest)
  }
}
