import ArgumentParser
import Glibc
import Rapport
import RapportNumerics

@main
struct RapportTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rapport",
    abstract: "Measures how healthy the working relationships between HR and line managers are, from event logs.",
    discussion: """
      Examples:
        rapport score events.csv --roster managers.csv --output result
        rapport score cases.csv.gz --profile servicenow-incidents --timezone Europe/London
        rapport explain events.csv --manager M17
        rapport check events.csv --rejects refused.csv

      Exit codes: 0 done; 64 usage; 65 readable but unusable input; 66 missing or empty input; 70 a defect; 73 the \
      output folder is not rapport's; 74 writing failed; 78 configuration; 128 and a signal's number where one ended it.
      """,
    version: rapportVersion,
    subcommands: [
      ScoreCommand.self, RankCommand.self, FavouritismCommand.self, FactorsCommand.self, ExplainCommand.self,
      PlotCommand.self, CheckCommand.self, IngestCommand.self, FitCommand.self, SimulateCommand.self, BenchCommand.self,
      ProfilesCommand.self, ConfigCommand.self,
    ])

  static func main() {
    startAnewForKernels()
    StandardOutput.prepare()
    let words = Array(CommandLine.arguments.dropFirst())
    if let complaint = CommandNames(configuration.subcommands).complaint(about: words)
      ?? SingleOptions.complaint(about: words)
    {
      StandardError.write("Error: \(complaint)\n")
      exit(withError: ExitCode(64))
    }
    main(words)
  }

  /// Starts the program anew where OpenBLAS can be told of better kernels than it took; goes on where that fails.
  private static func startAnewForKernels() {
    // Where the dynamic loader was started with the program's name, /proc/self/exe is the loader. The kernel then mapped no loader
    // beside it.
    typealias GetValue = @convention(c) (UInt) -> UInt
    guard let symbol = dlsym(nil, "getauxval"), unsafeBitCast(symbol, to: GetValue.self)(UInt(AT_BASE)) != 0 else {
      return
    }
    guard let kernels = BLASInformation.betterKernels, setenv("OPENBLAS_CORETYPE", kernels, 1) == 0 else { return }
    execv("/proc/self/exe", CommandLine.unsafeArgv)
  }
}
