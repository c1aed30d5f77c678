import Foundation
import RapportReporting
import Testing

@testable import RapportScoring

@Suite struct JSONValueTests {
  struct Everything: Codable, Equatable {
    var whole = -3
    var large = UInt64.max >> 1
    var double = 0.1
    var zero = -0.0
    var small: Float = 0.5
    var flag = true
    var text = "a \"b\"\\\n\u{1}é"
    var none: Int?
    var list = [1, 2]
    var nested = [[0.5], []]
    var table = ["b": 1, "a": 2]
    var choice = Score.insufficient(n: 2, needed: 5)
  }

  @Test func `encodes as Foundation does`() throws {
    let value = Everything()
    let text = try JSONValue(encoding: value).text()
    #expect(try JSONDecoder().decode(Everything.self, from: Data(text.utf8)) == value)
  }

  @Test func `keys are sorted and every bit is kept`() throws {
    #expect(
      try JSONValue(encoding: ["b": 0.1, "a": 1]).text(indented: false) == #"{"a":1,"b":0.1}"#)
    #expect(JSONValue.array([]).text() == "[]\n")
    #expect(
      JSONValue.object(["a": [1, .null], "b": [:]]).text() == "{\n  \"a\": [\n    1,\n    null\n  ],\n  \"b\": {}\n}\n")
    #expect(JSONValue.number(1e300).text(indented: false) == "1e+300")
    #expect(JSONValue.number(3).text(indented: false) == "3")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a number that is none can't be written`(_ value: Double) throws {
    let error = #expect(throws: EncodingError.self) { try JSONValue(encoding: ["scores": ["M1": value]]) }
    guard case .invalidValue(_, let context) = error else {
      Issue.record("expected invalidValue, found \(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains("scores.M1"))
  }

  @Test func `members are found and added`() {
    let value: JSONValue = ["a": [1, 2], "b": "x"]
    #expect(value["a"]?.elements == [1, 2])
    #expect(value["c"] == nil)
    #expect(value.with("c", 1) == ["a": [1, 2], "b": "x", "c": 1])
    #expect(JSONValue.string("x")["a"] == nil)
    #expect(JSONValue.string("x").with("a", 1) == "x")
  }

  @Test func `rows put in one at a time give the text of the whole`() throws {
    let rows = LazyRows([1, 2, 3]) { ["n": $0] }
    let frame: JSONValue = ["a": [], "b": ["c": [], "d": 1], "e": ["f": 2]]
    let whole: JSONValue = ["a": try rows.all(), "b": ["c": try rows.all(), "d": 1], "e": ["f": 2]]
    for threads in [1, 3] {
      #expect(try frame.text(with: ["a": rows, "b.c": rows], threads: threads).string == whole.text())
    }
    let many = LazyRows(Array(0..<1000))
    #expect(try frame.text(with: ["a": many], threads: 3).string == frame.with("a", many.all()).text())
    #expect(try frame.text(with: ["a": LazyRows([Int]())]).string == frame.text())
    let assessment = SampleAssessment.make()
    #expect(try assessment.json().string == JSONValue(encoding: assessment).text())
  }

  /// Tells everything twice over: nested containers, two containers for one object, keys out of order and a key again.
  struct Unusual: Encodable, Sendable {
    enum Key: String, CodingKey { case z, a, m, again }
    func encode(to encoder: any Encoder) throws {
      var first = encoder.container(keyedBy: Key.self)
      try first.encode(1, forKey: .again)
      var list = first.nestedUnkeyedContainer(forKey: .z)
      var inner = list.nestedContainer(keyedBy: Key.self)
      try inner.encode("b\\\"\u{7}", forKey: .m)
      try inner.encode([String: Int](), forKey: .a)
      try list.encode(Float(0.5))
      var second = encoder.container(keyedBy: Key.self)
      try second.encode([Int?](arrayLiteral: nil, 2), forKey: .a)
      try second.encode(UInt64.max, forKey: .m)
      try second.encode(2, forKey: .again)
    }
  }

  // By hand: members by their bytes, the last of two with one key, what doesn't fit 64 bits as text.
  @Test func `text told as it is encoded is the text of the tree`() throws {
    let expected =
      #"{"a":[null,2],"again":2,"m":"18446744073709551615","z":[{"a":{},"m":"b\\\"\u0007"},0.5]}"#
    #expect(try JSONValue(encoding: Unusual()).text(indented: false) == expected)
    let rows = try JSONValue.object(["rows": []]).text(with: ["rows": LazyRows([Unusual(), Unusual()])])
    #expect(rows.string == "{\n  \"rows\": [\n    \(expected),\n    \(expected)\n  ]\n}\n")
    let table = try FlatTable(LazyRows([Unusual()]), leading: ["z"], always: ["b.c", "again"])
    #expect(table.columns == ["z", "a", "again", "b.c", "m"])
    #expect(table.row(0) == [#"[{"a":{},"m":"b\\\"\u0007"},0.5]"#, "[null,2]", "2", "", "18446744073709551615"])
  }

  // What is told past the containers, against what Foundation makes of the same: every kind of score, with points and evidence.
  @Test func `scores are told as they encode themselves`() throws {
    let estimate = Score.estimated(Estimate(value: 0.25, low: -1e-300, high: 12_345_678_901_234_568, effectiveN: 3))
    let scores: [String: Score] = [
      "z": estimate, "a": .insufficient(n: -2, needed: Int.max), "b\"": .suppressed(reason: "so \"it\" is"),
    ]
    let indicators = scores.mapValues {
      IndicatorScore(
        score: $0, points: $0.estimate == nil ? $0 : estimate, evidence: ["kept": 2, "due": 2.5],
        ownValue: $0.estimate.map { $0.value / 3 })
    }
    func parsed(_ data: Data) throws -> NSDictionary {
      try #require(JSONSerialization.jsonObject(with: data) as? NSDictionary)
    }
    func check(_ value: some Encodable) throws {
      let text = try JSONValue(encoding: value).text(indented: false)
      #expect(try parsed(Data(text.utf8)) == parsed(JSONEncoder().encode(value)))
    }
    try check(scores)
    try check(indicators)
    #expect(try JSONValue(encoding: indicators)["z"]?["ownValue"] == .number(0.25 / 3))
    for score in scores.values { try check(score) }
    let rows = try JSONValue.object(["rows": []]).text(with: ["rows": LazyRows([indicators])]).string
    #expect(rows.contains(try JSONValue(encoding: indicators).text(indented: false)))
    #expect(throws: EncodingError.self) {
      try JSONValue(encoding: ["M1": IndicatorScore(score: estimate, points: estimate, evidence: ["kept": .nan])])
    }
  }
}
