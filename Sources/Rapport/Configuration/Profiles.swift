import Glibc
import RapportReporting

/// The profiles that are known: those that come with rapport, and any TOML file.
public enum Profiles {
  /// The profile of this name, or in this file.
  ///
  /// - Throws: ``RapportError`` of kind `configuration`: an unknown name with the nearest known, a file that can't be
  ///   read, an unknown key; `IngestionError` where the profile contradicts the contract.
  public static func named(_ name: String) throws -> Profile {
    if let profile = Profile.builtIn.first(where: { $0.name == name }) { return profile }
    if let complaint = complaint(about: name) { throw RapportError(.configuration, complaint) }
    return try read(TextFile.read(name, as: .configuration), name: name)
  }

  /// What is wrong with a profile's name, or `nil`. A file is looked for but not opened: a pipe can be read only once.
  public static func complaint(about name: String) -> String? {
    let known = Profile.builtIn.map(\.name)
    if known.contains(name) { return nil }
    if isFile(name) {
      return access(name, R_OK) == 0 ? nil : "profile '\(name)' can't be read: \(OutputFolder.reason)"
    }
    let suggestion = NearestWord.suggestion(for: name, among: known)
    return "profile '\(name)' isn't known"
      + (suggestion.isEmpty
        ? "; known are \(known.sorted().joined(separator: ", ")), or name a .toml file" : suggestion)
  }

  /// Whether a profile is named by its file.
  static func isFile(_ name: String) -> Bool { name.hasSuffix(".toml") || name.contains("/") }

  /// A profile from TOML.
  public static func read(_ text: String, name: String) throws -> Profile {
    let profile = try TOMLFile.decode(Profile.self, from: text, name: name, keys: Profile.keys)
    try profile.validate()
    return profile
  }
}

extension Profiles {
  /// A profile as the TOML that reads back as it.
  public static func toml(_ profile: Profile) -> String {
    var text = "name = \(tomlQuoted(profile.name))\n"
    func list(_ texts: [String]) -> String { "[\(texts.map(tomlQuoted).joined(separator: ", "))]" }
    if !profile.description.isEmpty { text += "description = \(tomlQuoted(profile.description))\n" }
    if let timezone = profile.timezone { text += "timezone = \(tomlQuoted(timezone))\n" }
    if !profile.timeFormats.isEmpty { text += "time-formats = \(list(profile.timeFormats))\n" }
    if !profile.nulls.isEmpty { text += "nulls = \(list(profile.nulls))\n" }
    if !profile.columns.isEmpty {
      text += "\n[columns]\n"
      for (column, names) in profile.columns.sorted(by: { $0.key < $1.key }) {
        text += "\(column) = \(names.names.count == 1 ? tomlQuoted(names.names[0]) : list(names.names))\n"
      }
    }
    if !profile.constants.isEmpty {
      text += "\n[constants]\n"
      for (column, value) in profile.constants.sorted(by: { $0.key < $1.key }) {
        text += "\(column) = \(tomlQuoted(value))\n"
      }
    }
    for (column, values) in profile.values.sorted(by: { $0.key < $1.key }) {
      text += "\n[values.\(column)]\n"
      for (foreign, own) in values.sorted(by: { $0.key < $1.key }) {
        text += "\(tomlQuoted(foreign)) = \(tomlQuoted(own))\n"
      }
    }
    return text
  }
}
