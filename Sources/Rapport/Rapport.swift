@_exported import RapportIngestion
@_exported import RapportReporting
@_exported import RapportScoring

/// The version of the engine.
public let rapportVersion = "0.1.0"
