/// The columns of the event contract and of case tables. The raw value is the column's name.
public enum ContractColumn: String, CaseIterable, Sendable, Codable {
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

  /// What an event log can't do without.
  static let neededByEventLogs: [ContractColumn] = [.timestamp, .kind, .manager]
  /// What a case table can't do without.
  static let neededByCaseTables: [ContractColumn] = [.caseKey, .manager, .opened]
  static let ofEventLogs: [ContractColumn] = [
    .timestamp, .kind, .actor, .value, .recordedAt, .id, .manager, .partner, .caseKey, .topic, .priority, .channel,
    .due,
  ]
  static let ofCaseTables: [ContractColumn] = [
    .caseKey, .manager, .partner, .topic, .priority, .channel, .due, .opened, .responded, .resolved, .withdrawn,
  ]

  /// Its position among the columns of a row that is being read.
  @inline(__always)
  var slot: Int {
    switch self {
    case .timestamp: 0
    case .kind: 1
    case .actor: 2
    case .value: 3
    case .recordedAt: 4
    case .id: 5
    case .manager: 6
    case .partner: 7
    case .caseKey: 8
    case .topic: 9
    case .priority: 10
    case .channel: 11
    case .due: 12
    case .opened: 13
    case .responded: 14
    case .resolved: 15
    case .withdrawn: 16
    }
  }

  static let slotCount = 17
}
