/// What the fixed part of a model is made of: columns of a table and products of them.
public struct FixedTerms: Sendable, Equatable {
  /// Columns, and products such as `size:topic`; one element may hold several, separated by commas.
  public var terms: [String] = []
  /// Columns of numbers that are meant as categories, likewise.
  public var categorical: [String] = []
  /// The level without a column of its own, as in `topic=pay`; by default a category's first in sorted order.
  public var references: [String] = []

  /// A fixed part of these.
  public init(_ terms: [String] = [], categorical: [String] = [], references: [String] = []) {
    self.terms = terms
    self.categorical = categorical
    self.references = references
  }
}
