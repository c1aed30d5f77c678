/// The columns of the event contract and of case tables. The raw value is the column's name.
public enum ContractColumn: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
  // Event logs.
  case timestamp, kind, actor, value
  case recordedAt = "recorded_at"
  case id
  // Both.
  case manager, partner
  case caseKey = "case"
  case topic, priority, channel, due
  // Case tables.
  case opened, responded, resolved, withdrawn

  /// Whether it holds a time.
  public var isTime: Bool {
    switch self {
    case .timestamp, .recordedAt, .due, .opened, .responded, .resolved, .withdrawn: true
    default: false
    }
  }
}
