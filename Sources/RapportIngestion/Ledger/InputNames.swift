/// The inputs that examples speak of, numbered from 1 in the byte order of their names.
///
/// Results give numbers and never names, so that they stay the same wherever a file lies, whatever it is called and
/// however it is compressed; the manifest and the terminal tell which is which.
public struct InputNames: Sendable, Equatable {
  /// Without folders, in byte order, each once; the first is input 1.
  public let names: [String]

  /// Numbers names, which may be paths.
  public init(_ names: some Sequence<String>) {
    self.names = Set(names.map(Self.short)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A file's name without its folder.
  public static func short(_ name: String) -> String {
    name == "-" ? "standard input" : name.split(separator: "/").last.map(String.init) ?? name
  }

  /// The number of a name; `nil` where it isn't known.
  public func number(of name: String) -> Int? { names.firstIndex(of: Self.short(name)).map { $0 + 1 } }

  /// The name of a number; `nil` where there is no such input.
  public func name(of number: Int) -> String? { names.indices.contains(number - 1) ? names[number - 1] : nil }
}

extension Ledger {
  /// The inputs of this ledger's examples, and `read` ones beside them.
  public func inputNames(read: [String] = []) -> InputNames {
    InputNames(read + rejects.entries.values.flatMap { $0.places.map(\.file) })
  }
}
