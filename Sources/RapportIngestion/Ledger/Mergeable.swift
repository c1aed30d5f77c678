/// A value that can be built in parts and merged: a commutative monoid.
///
/// Parallel reading, daily appends and work spread over machines follow from these laws, with no code of their own.
public protocol Mergeable: Sendable {
  /// Merging with it changes nothing.
  static var empty: Self { get }
  /// Associative and commutative.
  mutating func merge(_ other: Self)
}
