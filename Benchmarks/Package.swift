// swift-tools-version: 6.2
import PackageDescription

// Its own package, so that the library's dependencies stay few.

let package = Package(
  name: "rapport-benchmarks",
  dependencies: [.package(name: "rapport", path: "..")],
  targets: [
    // Runs what stands beside in R.
    .target(name: "PeerScripts", swiftSettings: [.treatAllWarnings(as: .error)]),
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
      name: "MixedSpeed", dependencies: ["PeerScripts", .product(name: "RapportNumerics", package: "rapport")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Queue choices against R.
    .executableTarget(
      name: "ChoiceSpeed", dependencies: ["PeerScripts", .product(name: "RapportNumerics", package: "rapport")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Factor analysis against R.
    .executableTarget(
      name: "FactorSpeed", dependencies: ["PeerScripts", .product(name: "Rapport", package: "rapport")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Whether factor tests and intervals keep their levels where values are missing.
    .executableTarget(
      name: "FactorCoverage", dependencies: [.product(name: "RapportNumerics", package: "rapport")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
