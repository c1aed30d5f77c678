import ArgumentParser
import Rapport

/// What every plot takes.
struct PlotOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The file to write: .svg, .png, or - for SVG on standard output.", valueName: "file"),
    completion: .file(extensions: ["svg", "png"]))
  var output: String

  @Option(help: ArgumentHelp("Of a PNG, its width (default: twice the drawing's).", valueName: "pixels"))
  var width: Int?

  @OptionGroup var view: ViewOptions

  func validate() throws {
    if let format = view.running.format {
      throw ValidationError("--format \(format) isn't for plots; the ending of --output decides: .svg or .png")
    }
    if let color = view.running.color {
      throw ValidationError("--color \(color) isn't for plots; a drawing has its own, light and dark")
    }
  }

  /// Reads, derives and scores, and writes the plot.
  ///
  /// - Parameter plot: makes it of the result.
  func run(_ plot: (ScoringResult<Assessment>) throws -> Plot) throws {
    let file = Result { try PlotFile(output, pixels: width) }
    try view.run { session in
      let file = try file.get()
      try file.check()
      if !file.isStandardOutput { session.configuration.written.append(file.path) }
    } show: { session, result in
      let plot = try plot(result)
      session.progress.end()
      let file = try file.get()
      if file.isStandardOutput {
        try StandardOutput.write(FileText(plot.file))
      } else {
        try file.write(plot)
        session.note("Wrote \(file.path): \(plot.title).")
      }
    }
  }
}
