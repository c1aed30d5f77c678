import Benchmark
import CScanning
import Glibc
import Rapport
import RapportNumerics
import RapportSimulation

// The parts that whole jobs spend their time in, each alone, on one thread.
//
// The first asks what the machine can do: `memchr` for every line feed. What stands beside it must reach half of its speed.

let benchmarks = { @Sendable in
  // Of processor time the library knows hundredths of a second only.
  Benchmark.defaultConfiguration.metrics = [.wallClock]
  Benchmark.defaultConfiguration.timeUnits = .microseconds
  Benchmark.defaultConfiguration.warmupIterations = 3
  Benchmark.defaultConfiguration.maxDuration = .seconds(2)

  // A reading thread's chunk, as it lies near the processor after it was read.
  let text = LogText(bytes: 1 << 20, quoted: false)
  let quoted = LogText(bytes: 1 << 20, quoted: true)

  Benchmark("scan 1 MiB: memchr for line feeds") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(text.lineFeeds()) }
  }
  Benchmark("scan 1 MiB: survey (line feeds, quotes, bytes beyond ASCII)") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(text.survey()) }
  }
  Benchmark("scan 1 MiB: ends of fields and records") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(text.indexPlain()) }
  }
  Benchmark("scan 1 MiB: ends of fields and records, with quotes") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(quoted.indexQuoted()) }
  }

  // What a year of 200 managers says, from bytes in memory to a ledger.
  var settings = SimulationSettings()
  (settings.managers, settings.partners, settings.referenceRequests) = (200, 20, 0)
  guard let organisation = try? simulate(settings) else { fatalError("the organisation can't be simulated") }
  let log = Array(organisation.eventsCSV().utf8)
  let rows = log.count { $0 == 10 } - 1
  var options = ReadingOptions(threads: 1)
  options.maximumBadShare = 1
  let reading = options
  Benchmark("ingest \(rows) rows, \(log.count >> 10) KiB") { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(try ingest([.bytes(log, name: "log")], options: reading).ledger.rowCount)
    }
  }

  Benchmark("draw 100,000 normal numbers") { benchmark in
    for _ in benchmark.scaledIterations {
      var stream = RandomStream(seed: 1, purpose: "kernels")
      var sum = 0.0
      for _ in 0..<100_000 { sum += stream.normal() }
      blackHole(sum)
    }
  }
  Benchmark("draw 10,000 gamma numbers") { benchmark in
    for _ in benchmark.scaledIterations {
      var stream = RandomStream(seed: 1, purpose: "kernels")
      var sum = 0.0
      for _ in 0..<10_000 { sum += stream.gamma(shape: 2.5) }
      blackHole(sum)
    }
  }
  var small = Matrix(rows: 20, columns: 20, repeating: 0.5)
  for i in 0..<20 { small[i, i] = 2 }
  let equicorrelated = small
  Benchmark("factor 20 × 20 by Cholesky") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(try Cholesky(equicorrelated)) }
  }
}
