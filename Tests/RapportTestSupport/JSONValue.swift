/// Any JSON value, for test data whose shape differs from name to name.
public enum JSONValue: Sendable, Equatable, Decodable {
  case null
  case truth(Bool)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Decodes whatever stands there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .truth(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// The member of this name.
  public subscript(name: String) -> JSONValue? { object?[name] }

  /// Members, of an object.
  public var object: [String: JSONValue]? {
    if case .object(let value) = self { value } else { nil }
  }

  /// Elements, of an array.
  public var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The text, of a string.
  public var text: String? {
    if case .text(let value) = self { value } else { nil }
  }

  /// The texts of an array, numbers spelled out as they were written.
  public var texts: [String]? {
    array?.map { element in
      if let text = element.text { return text }
      guard let number = element.number else { return "" }
      return number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    }
  }

  /// The number; "Inf", "-Inf" and "NaN" are numbers, null isn't.
  public var number: Double? {
    switch self {
    case .number(let value): value
    case .text("Inf"): .infinity
    case .text("-Inf"): -.infinity
    case .text("NaN"): .nan
    default: nil
    }
  }

  /// Nested arrays row by row.
  var flattened: [JSONValue] { array?.flatMap(\.flattened) ?? [self] }
}
