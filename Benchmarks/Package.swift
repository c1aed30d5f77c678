// swift-tools-version: 6.2
import PackageDescription

// Its own package, so that the library's dependencies stay few.

let package = Package(
  name: "rapport-benchmarks",
  dependencies: [
    .package(name: "rapport", path: ".."),
    // Without its traits: its counts of allocations need libraries that a fresh machine doesn't have.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    // Runs what stands beside in R and Python, and tables both.
    .target(name: "Peers", swiftSettings: [.treatAllWarnings(as: .error)]),
    // Whether estimates tell the planted truth.
    .executableTarget(
      name: "ValidityStudy",
      dependencies: [
        .product(name: "Rapport", package: "rapport"), .product(name: "RapportSimulation", package: "rapport"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // How many digits of NIST's certified values come out.
    .executableTarget(
      name: "NISTTable", dependencies: [.product(name: "RapportNumerics", package: "rapport")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Mixed models against R.
    .executableTarget(
      name: "MixedSpeed", dependencies: ["Peers", .product(name: "RapportNumerics", package: "rapport")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Queue choices against R.
    .executableTarget(
      name: "ChoiceSpeed", dependencies: ["Peers", .product(name: "RapportNumerics", package: "rapport")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Factor analysis against R.
    .executableTarget(
      name: "FactorSpeed", dependencies: ["Peers", .product(name: "Rapport", package: "rapport")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Whether factor tests and intervals keep their levels where values are missing.
    .executableTarget(
      name: "FactorCoverage", dependencies: [.product(name: "RapportNumerics", package: "rapport")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // The parts that whole jobs spend their time in, each alone; the folder's place is what the plugin asks for.
    .executableTarget(
      name: "Kernels",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"), .product(name: "CScanning", package: "rapport"),
        .product(name: "Rapport", package: "rapport"), .product(name: "RapportNumerics", package: "rapport"),
        .product(name: "RapportSimulation", package: "rapport"),
      ],
      path: "Benchmarks/Kernels", swiftSettings: [.treatAllWarnings(as: .error)],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ],
  swiftLanguageModes: [.v6]
)
