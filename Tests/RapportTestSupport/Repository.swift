import Foundation

/// The files of this repository that tests read.
public enum Repository {
  /// Its root.
  public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The sample organisation's folder.
  public static let sample = root.appendingPathComponent("Datasets/sample")

  /// What a file of it says.
  public static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }
}
