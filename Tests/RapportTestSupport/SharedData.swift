import FoundationEssentials

/// The folder of reference values and real logs that developers keep beside the repository.
///
/// It is found through the environment variable `RAPPORT_SHARED`, or beside one of this package's parent folders, as
/// `shared`. Tests that need it skip themselves, with a printed reason, where it is absent.
public enum SharedData {
  /// The folder, or `nil` where there is none.
  public static let folder: String? = {
    let files = FileManager.default
    if let named = ProcessInfo.processInfo.environment["RAPPORT_SHARED"], !named.isEmpty {
      if files.fileExists(atPath: named + "/reference") { return named }
      print("RAPPORT_SHARED names \(named), which has no folder `reference`")
      return nil
    }
    var parts = #filePath.split(separator: "/").dropLast()
    while !parts.isEmpty {
      let candidate = "/" + parts.joined(separator: "/") + "/shared"
      if files.fileExists(atPath: candidate + "/reference/cases") { return candidate }
      parts = parts.dropLast()
    }
    print("Skipped where reference data are needed: RAPPORT_SHARED isn't set and no folder `shared` stands beside.")
    return nil
  }()

  /// Whether the folder is there: for `.enabled(if:)`.
  public static var isPresent: Bool { folder != nil }

  /// The full path of a file below the folder, or `nil`, with the reason printed, where it is absent.
  public static func path(_ relative: String) -> String? {
    guard let folder else { return nil }
    let path = folder + "/" + relative
    if FileManager.default.fileExists(atPath: path) { return path }
    print("Skipped: \(relative) isn't in the shared folder.")
    return nil
  }
}
