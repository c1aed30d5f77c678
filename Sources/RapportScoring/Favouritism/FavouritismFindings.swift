/// Who is answered sooner or later than comparable others, at the levels of pairs, partners, managers and groups.
public struct FavouritismFindings: Codable, Sendable, Equatable {
  public init() {}
}
