/// What the rosters say about managers, with the values that occur.
enum ManagerAttribute {
  static let all: [String: [String]] = [
    "unit": ["engineering", "finance", "operations", "sales", "support"],
    "level": ["team", "department", "division"],
    "location": ["north", "south", "remote"],
    "gender": ["woman", "man"],
  ]
  /// In the order of the roster's columns.
  static let names = ["unit", "level", "location", "gender"]
}

/// The categories that make requests comparable, and what is known about them.
enum RequestCategory {
  static let topics = ["leave", "pay", "contract", "hiring", "performance", "conduct", "learning"]
  /// Working time relative to the average, by topic.
  static let topicEffort = [0.4, 0.6, 0.9, 1.3, 1.5, 2.2, 0.7]
  /// Base shares, by topic.
  static let topicShare = [0.22, 0.2, 0.14, 0.14, 0.12, 0.06, 0.12]
  static let priorities = ["low", "normal", "high", "urgent"]
  static let priorityShare = [0.2, 0.5, 0.22, 0.08]
  /// Agreed target in working days, by priority.
  static let targetDays = [10.0, 5.0, 3.0, 1.0]
  static let channels = ["email", "portal", "chat", "phone"]
  static let channelShare = [0.4, 0.3, 0.2, 0.1]
}
