import Foundation
import FoundationXML

/// The texts of a plot's file and what they cover, from the file alone: sizes of font by class, and lengths of text.
struct PlotBoxes {
  struct Box {
    var text: String
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>
  }

  let boxes: [Box]
  let width: Double
  let height: Double

  /// Reads a file as XML: what isn't well formed throws.
  init(_ file: String) throws {
    let reader = Reader()
    let parser = XMLParser(data: Data(file.utf8))
    parser.delegate = reader
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    boxes = reader.boxes
    (width, height) = (reader.width, reader.height)
  }

  /// Pairs of texts that cover each other.
  var overlaps: [String] {
    boxes.indices.flatMap { i in
      boxes[(i + 1)...].filter { boxes[i].x.overlaps($0.x) && boxes[i].y.overlaps($0.y) }.map {
        "'\(boxes[i].text)' and '\($0.text)'"
      }
    }
  }

  /// Texts that reach beyond the drawing.
  var outside: [String] {
    boxes.filter { $0.x.lowerBound < 0 || $0.x.upperBound > width || $0.y.lowerBound < 0 || $0.y.upperBound > height }
      .map(\.text)
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var boxes: [Box] = []
    var width = 0.0
    var height = 0.0
    private var offsets: [(x: Double, y: Double)] = [(0, 0)]
    private var place: (x: Double, y: Double, anchor: String, kind: String)?
    private var text = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      func number(_ key: String) -> Double { Double(attributes[key] ?? "") ?? 0 }
      switch name {
      case "svg": (width, height) = (number("width"), number("height"))
      case "g":
        let moved = (attributes["transform"] ?? "").split { "(), ".contains($0) }.compactMap { Double($0) }
        let last = offsets[offsets.count - 1]
        offsets.append(moved.count == 2 ? (last.x + moved[0], last.y + moved[1]) : last)
      case "text":
        let last = offsets[offsets.count - 1]
        place = (
          last.x + number("x"), last.y + number("y"), attributes["text-anchor"] ?? "start", attributes["class"] ?? ""
        )
        text = ""
      default: break
      }
    }

    private static func ems(_ character: Character) -> Double {
      guard character.isASCII else {
        return character.unicodeScalars.contains { $0.properties.isEmojiPresentation } ? 1.3 : 0.8
      }
      if "WM@%mw".contains(character) { return 1 }
      if ".,; |il'-()".contains(character) { return 0.42 }
      return character.isUppercase ? 0.78 : 0.64
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      if name == "g" { offsets.removeLast() }
      guard name == "text", let place else { return }
      let isTitle = place.kind.contains("title")
      let isBold = isTitle || place.kind.contains("strong")
      let size = isTitle ? 16.0 : 12.0
      // Wider than almost any font: 0.62 em a small letter or figure, 0.78 a capital, 1.3 what takes two columns.
      let ems = text.reduce(0.0) { $0 + Self.ems($1) }
      let long = ems * size * (isBold ? 1.1 : 1)
      let left = place.anchor == "end" ? place.x - long : place.anchor == "middle" ? place.x - long / 2 : place.x
      boxes.append(
        Box(text: text, x: left...(left + long), y: (place.y - 0.8 * size)...(place.y + 0.25 * size)))
      self.place = nil
    }
  }
}
