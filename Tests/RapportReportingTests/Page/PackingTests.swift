import CZlib
import Foundation
import Testing

@testable import RapportReporting

@Suite struct PackingTests {
  @Test(arguments: ["", "a", String(repeating: "manager ", count: 5000)])
  func `compressed pieces unpack to themselves`(_ text: String) {
    let pieces = [Z_BEST_COMPRESSION, 7, Z_BEST_COMPRESSION].map { (bytes: Array(text.utf8), effort: $0) }
    for pieces in [Array(pieces[..<1]), pieces] {
      let packed = Packing.compressed(pieces)
      var length = uLong(pieces.count * text.utf8.count + 16)
      var bytes = [UInt8](repeating: 0, count: Int(length))
      #expect(uncompress(&bytes, &length, packed, uLong(packed.count)) == Z_OK)
      #expect(Array(bytes.prefix(Int(length))) == pieces.flatMap(\.bytes))
    }
  }

  // "Man" is the textbook example of base 64; the hash of nothing is e3b0c442….
  @Test func `base 64 and the hash by hand`() {
    #expect(Packing.base64(Array("Man".utf8)) == "TWFu")
    #expect(Packing.base64(Array("Ma".utf8)) == "TWE=")
    #expect(Page.hash("") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
  }

  // By hand: three texts of one pattern, one of another; a lone minus sign, a point without digits and what ends an attribute's name
  // aren't numbers, and what all of a pattern have stands in it.
  @Test func `numbers stand apart from what texts share`() {
    let texts = ["x1=-2.50 a5", "x1=3 a5", "–-. 7.", "", "x1=4 a5"]
    let mark = Packing.numberMark
    let apart = Packing.apart(texts.map { Array($0.utf8) })
    #expect(apart.patterns.map { String(decoding: $0, as: UTF8.self) } == ["x1=\(mark) a5", "–-. \(mark).", ""])
    #expect(apart.which == [0, 0, 1, 2, 0])
    #expect(apart.numbers.map { String(decoding: $0, as: UTF8.self) } == ["-2.50", "3", "7", "", "4"])
  }

  // By hand: é is two bytes, c3 a9.
  @Test func `a manager's address is made from its identifier`() {
    #expect(Page.anchor(of: "M-14.b") == "manager-M-14.b")
    #expect(Page.anchor(of: "a b_é") == "manager-a_20b_5f_c3_a9")
    let long = Page.anchor(of: String(repeating: "x", count: 10_000))
    #expect(long.count <= 60 && long != Page.anchor(of: String(repeating: "x", count: 9_999)))
  }

  @Test func `many managers are packed, each still named in the page`() throws {
    var assessment = SampleAssessment.make()
    let one = assessment.managers[0]
    assessment.managers = (0..<201).map { i in
      var manager = one
      manager.id = "manager no. \(i)"
      return manager
    }
    let html = try Page(assessment, version: "0.1.0", threads: 2).html()
    #expect(html == (try Page(assessment, version: "0.1.0", threads: 1).html()))
    #expect((0..<201).allSatisfy { html.contains("<bdi>manager no. \($0)</bdi>") })
    #expect(html.components(separatedBy: "<script type=\"text/plain\"").count == 6)
    #expect(!html.contains("What the health score is made of"))
    let start = try #require(html.range(of: "id=\"part-4\">"))
    let data = try #require(Data(base64Encoded: String(html[start.upperBound...].prefix { $0 != "<" })))
    var length = uLong(1 << 20)
    var bytes = [UInt8](repeating: 0, count: Int(length))
    #expect(uncompress(&bytes, &length, Array(data), uLong(data.count)) == Z_OK)
    let part = try #require(
      JSONSerialization.jsonObject(with: Data(bytes.prefix(Int(length)))) as? [[[Any]]])
    // Block by block, each of the last manager's: patterns, which one, numbers.
    #expect(part.count > 5 && part.allSatisfy { $0.count == 3 && $0[1].count == 1 && $0[2].count == 1 })
    #expect(part.contains { ($0[0].first as? String)?.contains("What the health score is made of") == true })
  }
}
