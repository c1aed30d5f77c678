import Mustache

/// How templates write what isn't their own markup: inert and legible (``Markup/escaped(_:)``), whatever the input holds.
///
/// The library's own escaping goes by user-perceived characters, so that a `<` that a combining scalar joins would slip
/// through.
struct PageText: MustacheContentType {
  /// By which templates name it, as `{{% CONTENT_TYPE:PAGE }}`.
  static let name = "PAGE"

  func escapeText(_ text: String) -> String { Markup.escaped(text) }
}

/// Most of what templates write are strings: so each is written at once, rather than asked for all else that it could be.
extension String: @retroactive MustacheCustomRenderable {
  public var renderText: String { self }
  public var isNull: Bool { false }
}
