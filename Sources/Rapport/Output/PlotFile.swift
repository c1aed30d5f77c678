import Glibc
import RapportReporting

/// A plot as a file: SVG, or PNG through librsvg's `rsvg-convert`. Written aside and renamed, so that it is whole or not there; a link is
/// followed, and who may read what it replaces may read it.
public struct PlotFile: Sendable {
  /// The kinds of files, by their endings.
  public enum Format: String, Sendable, CaseIterable {
    case svg, png
  }

  /// The width in pixels that a PNG may have.
  public static let pixelRange = 100...20_000

  public let path: String
  public let format: Format
  /// A PNG's width; `nil` for two pixels per unit of the drawing.
  public let pixels: Int?

  /// - Parameters:
  ///   - path: the ending decides on the format; `-` is SVG.
  ///   - pixels: a PNG's width.
  /// - Throws: kind `usage` where the ending is another, or an SVG is given pixels.
  public init(_ path: String, pixels: Int? = nil) throws(RapportError) {
    let ending = path.split(separator: "/").last.flatMap { $0.contains(".") ? $0.split(separator: ".").last : nil }
    let format = path == "-" ? Format.svg : ending.flatMap { Format(rawValue: $0.lowercased()) }
    guard let format else {
      throw RapportError(
        .usage,
        "--output '\(path)': " + (ending.map { "found the ending '.\($0)'" } ?? "there is no ending")
          + ", expected .svg or .png, or - for SVG on standard output")
    }
    if let pixels {
      guard format == .png else {
        throw RapportError(.usage, "--width is for PNG; an SVG has no pixels and can be shown at any width")
      }
      guard Self.pixelRange.contains(pixels) else {
        throw RapportError(
          .usage,
          "--width: found \(pixels), expected pixels from \(Self.pixelRange.lowerBound) to \(Self.pixelRange.upperBound)"
        )
      }
    }
    (self.path, self.format, self.pixels) = (path, format, pixels)
  }

  /// Whether it goes to standard output.
  public var isStandardOutput: Bool { path == "-" }

  /// Finds out before any work whether the file can be made.
  ///
  /// - Throws: kind `output` where PNG is asked and `rsvg-convert` isn't there, or no file can be made at this place.
  public func check() throws(RapportError) {
    if format == .png { _ = try Self.converter() }
    if !isStandardOutput, let obstacle = WholeFile.obstacle(at: path) {
      throw RapportError(.output, "\(path): can't be written: \(obstacle)")
    }
  }

  /// Writes a plot.
  ///
  /// - Throws: kind `output` where writing or converting fails; then nothing is left behind.
  public func write(_ plot: Plot) throws(RapportError) {
    var refusal: RapportError?
    let failure = WholeFile.write(to: path) { descriptor in
      guard format == .png else { return TextFile.write(FileText(plot.file), to: descriptor) }
      do throws(RapportError) {
        try convert(plot, to: descriptor)
        return 0
      } catch {
        refusal = error
        return EIO
      }
    }
    if let refusal { throw refusal }
    guard failure == 0 else {
      throw RapportError(.output, "\(path): can't be written: \(String(cString: strerror(failure)))")
    }
  }

  /// Where `rsvg-convert` is.
  private static func converter() throws(RapportError) -> String {
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in folders.split(separator: ":") where access("\(folder)/rsvg-convert", X_OK) == 0 {
      return "\(folder)/rsvg-convert"
    }
    throw RapportError(
      .output,
      "PNG needs rsvg-convert, which isn't on the PATH; install it (Debian and Ubuntu: apt-get install librsvg2-bin; "
        + "Fedora: dnf install librsvg2-tools; macOS: brew install librsvg), or write an .svg")
  }

  private func convert(_ plot: Plot, to descriptor: Int32) throws(RapportError) {
    let converter = try Self.converter()
    let (drawing, log) = ("\(path).drawing-\(getpid())", "\(path).log-\(getpid())")
    for mark in [".drawing-", ".log-"] { AsideFiles.removeLeftBehind(of: path, mark: mark) }
    try AsideFiles.hold([drawing, log]) { () throws(RapportError) in
      // It names people, and who may read the image may be few.
      try TextFile.write(FileText(plot.file), to: drawing, shownAs: path, mode: 0o600)
      let ended: ChildProcess.Ended
      do throws(RapportError) {
        ended = try ChildProcess.run(
          converter,
          ["--format=png", "--width=\(pixels ?? Int((2 * plot.width).rounded()))", "--keep-aspect-ratio"],
          input: drawing, output: descriptor, errors: log,
          environment: ChildProcess.environment([
            "PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH",
          ]))
      } catch {
        throw RapportError(.output, "\(path): \(error.description)")
      }
      guard ended.exitCode == 0 else {
        let said = ((try? TextFile.read(log, as: .output)) ?? "").split(separator: "\n").first.map { ": \($0)" } ?? ""
        throw RapportError(.output, "\(path): rsvg-convert failed\(said)")
      }
    }
  }
}
