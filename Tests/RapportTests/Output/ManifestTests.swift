import Rapport
import Testing

@Suite struct ManifestTests {
  @Test func `says how the result came about`() {
    var times = StageTimes()
    times.end(.reading)
    times.end(.scoring)
    var statistics = ReadingStatistics()
    statistics.inputs = [.init(name: "events.csv", bytes: 10, sha256: "ab", rows: 2)]
    // 2026-11-22T01:02:03Z is 1 795 309 323 seconds after the epoch.
    let manifest = Manifest(
      arguments: ["score", "events.csv"], configuration: Configuration(), statistics: statistics,
      inputNames: InputNames(["a/events.csv", "-"]), times: times, started: Instant(seconds: 1_795_309_323))
    let tree = manifest.tree
    #expect(tree["format"] == "rapport-manifest/1")
    #expect(tree["started"] == "2026-11-22T01:02:03Z")
    #expect(tree["inputs"] == [["name": "events.csv", "bytes": 10, "sha256": "ab"]])
    #expect(tree["inputsInExamples"] == ["input 1": "events.csv", "input 2": "standard input"])
    #expect(tree["seed"] == 1)
    #expect(tree["seconds"]?["reading"] != nil)
    #expect(tree.text().prefix(4096).contains(OutputFolder.marker))
    #expect(Machine.peakMemoryBytes > 1_000_000)
    #expect(times.total >= 0)
  }
}
