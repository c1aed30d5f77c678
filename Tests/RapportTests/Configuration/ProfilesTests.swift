import Rapport
import RapportTestSupport
import Testing

@Suite struct ProfilesTests {
  static let text = """
    name = "mine"
    description = "our desk"
    timezone = "Europe/Paris"
    nulls = ["?"]

    [columns]
    case = "number"
    manager = ["caller", "caller_id"]

    [constants]
    topic = "it"

    [values.kind]
    "opened" = "request"
    """

  @Test func `a profile reads from TOML and back`() throws {
    let profile = try Profiles.read(Self.text, name: "mine.toml")
    #expect(profile.name == "mine")
    #expect(profile.columns["manager"]?.names == ["caller", "caller_id"])
    #expect(profile.values["kind"] == ["opened": "request"])
    #expect(try Profiles.read(Profiles.toml(profile), name: "again.toml") == profile)
  }

  @Test func `built-in profiles are found by name and read back from their TOML`() throws {
    #expect(!Profile.builtIn.isEmpty)
    for profile in Profile.builtIn {
      #expect(try Profiles.named(profile.name) == profile)
      #expect(try Profiles.read(Profiles.toml(profile), name: profile.name) == profile)
      #expect(!profile.description.isEmpty)
    }
  }

  @Test func `a file of one's own is found by its path`() throws {
    let scratch = try Scratch()
    let path = try scratch.write("mine.toml", Self.text)
    #expect(try Profiles.named(path).name == "mine")
    let error = #expect(throws: RapportError.self) { try Profiles.named(path + ".toml") }
    #expect(error?.kind == .configuration)
  }

  @Test(arguments: [
    ("name = 'x'\ncolumn = {}", "key 'column' isn't known; did you mean 'columns'?"),
    ("description = 'x'", "'name' is missing"),
    ("name = 3", "'name'"),
  ])
  func `a mistake in a profile is told`(_ text: String, _ message: String) {
    let error = #expect(throws: RapportError.self) { try Profiles.read(text, name: "p.toml") }
    #expect(error?.description.contains(message) == true)
  }

  @Test func `an unknown name is told with the nearest`() throws {
    let name = try #require(Profile.builtIn.first?.name)
    let error = #expect(throws: RapportError.self) { try Profiles.named(String(name.dropLast())) }
    #expect(error?.description.contains("did you mean '\(name)'?") == true)
    #expect(throws: RapportError.self) { try Profiles.named("xyzzy") }
  }
}
