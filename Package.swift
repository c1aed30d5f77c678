// swift-tools-version: 6.2
import PackageDescription

// The targets stand in the order in which an event passes them; each imports only what stands before it.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "rapport",
  products: [
    .library(name: "Rapport", targets: ["Rapport"]),
    .library(name: "RapportNumerics", targets: ["RapportNumerics"]),
    .library(name: "RapportSimulation", targets: ["RapportSimulation"]),
    // For those who measure: the kernels of scanning.
    .library(name: "CScanning", targets: ["CScanning"]),
    .executable(name: "rapport", targets: ["RapportCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    // Doors to C and C++, each as small as can be.
    .systemLibrary(name: "CLAPACK", providers: [.apt(["libblas-dev", "liblapack-dev"])]),
    .systemLibrary(name: "CNLopt", providers: [.apt(["libnlopt-dev"])]),
    .systemLibrary(name: "CISAL", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CSodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "CSpecialFunctions",
      cxxSettings: [.define("BOOST_MATH_NO_LONG_DOUBLE_MATH_FUNCTIONS")]),
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CScanning"),

    // Mathematics; knows nothing of people.
    .target(
      name: "RapportNumerics", dependencies: ["CLAPACK", "CSpecialFunctions", "CNLopt"],
      swiftSettings: strict),
    // Bytes to ledger.
    .target(
      name: "RapportIngestion",
      dependencies: ["CScanning", "CSimdJSON", "CISAL", "CZstd", "CSodium", "CCrypto"],
      swiftSettings: strict),
    // Ledger to assessment.
    .target(
      name: "RapportScoring", dependencies: ["RapportNumerics", "RapportIngestion"],
      swiftSettings: strict),
    // Assessment to console, tables and page.
    .target(
      name: "RapportReporting",
      dependencies: [
        "RapportNumerics", "RapportIngestion", "RapportScoring", "CSodium", "CZlib",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: strict),
    // An organisation with known truth.
    .target(
      name: "RapportSimulation", dependencies: ["RapportNumerics", "RapportIngestion"],
      swiftSettings: strict),
    // Load, assess, write: what a program imports.
    .target(
      name: "Rapport",
      dependencies: [
        "RapportNumerics", "RapportIngestion", "RapportScoring", "RapportReporting", "TOMLKit",
      ],
      swiftSettings: strict),
    // The `rapport` tool: a file per command.
    .executableTarget(
      name: "RapportCommand",
      dependencies: [
        "RapportNumerics", "Rapport", "RapportSimulation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(
      name: "RapportTestSupport", dependencies: ["RapportIngestion", "RapportNumerics"],
      path: "Tests/RapportTestSupport", swiftSettings: strict),
    .testTarget(
      name: "RapportNumericsTests", dependencies: ["CSpecialFunctions", "RapportNumerics", "RapportTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "RapportIngestionTests",
      dependencies: ["RapportNumerics", "RapportIngestion", "RapportTestSupport", "CScanning", "CZlib", "CZstd"],
      swiftSettings: strict),
    .testTarget(
      name: "RapportScoringTests", dependencies: ["RapportScoring", "RapportTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "RapportReportingTests", dependencies: ["RapportReporting", "RapportTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "RapportSimulationTests",
      dependencies: ["RapportSimulation", "Rapport", "RapportTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "RapportTests", dependencies: ["RapportNumerics", "Rapport", "RapportTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "RapportCommandTests", dependencies: ["RapportCommand", "RapportNumerics", "RapportTestSupport"],
      exclude: ["Independent/independent_counts.py"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx17
)
