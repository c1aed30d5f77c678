import Rapport
import Testing

@Suite struct ConfigurationTests {
  static let everything = """
    # A configuration with every key.
    profile = "mine.toml"
    map = { case = "number", opened = "opened_at" }
    roster = ["managers.csv", "/data/partners.csv"]
    ledger = "january.ledger"
    timezone = "Europe/London"
    calendar = "office"
    as-of = 2026-06-30T18:00:00+01:00
    max-bad = "2.5%"
    rejects = "refused.csv"
    chunk-bytes = 4096
    by = "follow-through"
    interval = "95%"
    follow-up = 14
    half-life = 90.5
    asymmetry = 2
    survey-scale = [0, 10]
    weights = { responsiveness = 2, follow-through = 0.5 }
    draws = 2000
    bootstrap = 99
    seed = 18446744073709551615
    threads = 3
    format = "json"
    color = "never"
    spreadsheet-safe = true
    output = "result"
    quiet = true
    verbose = false

    [calendar.office]
    timezone = "Europe/London"
    hours.mon = ["09:00-12:00", "13:00-17:00"]
    holidays = [2026-12-25, "2026-12-26"]
    """

  @Test func `reads every key`() throws {
    var configuration = Configuration()
    let text = Self.everything.replacing("18446744073709551615", with: "\"18446744073709551615\"")
    try configuration.read(text, name: "rapport.toml", folder: "/etc/rapport")
    #expect(configuration.profile == "/etc/rapport/mine.toml")
    #expect(configuration.mapping.columns == [.caseKey: "number", .opened: "opened_at"])
    #expect(configuration.rosters == ["/etc/rapport/managers.csv", "/data/partners.csv"])
    #expect(configuration.ledgers == ["/etc/rapport/january.ledger"])
    #expect(configuration.timezone == "Europe/London")
    #expect(configuration.calendar == "office")
    #expect(configuration.asOf == "2026-06-30T18:00:00+01:00")
    #expect(configuration.maxBad == 2.5)
    #expect(configuration.rankBy == .followThrough)
    #expect(configuration.interval == 0.95)
    #expect(configuration.surveyScale == 0...10)
    #expect(configuration.weights == ["responsiveness": 2, "followThrough": 0.5])
    #expect(configuration.seed == .max)
    #expect(configuration.format == .json && configuration.spreadsheetSafe && configuration.color == .never)
    #expect(configuration.calendars["office"]?.holidays == ["2026-12-25", "2026-12-26"])
    #expect(configuration.calendars["office"]?.hours == ["mon": ["09:00-12:00", "13:00-17:00"]])
    let options = configuration.assessmentOptions
    #expect(options.halfLifeDays == 90.5 && options.followUpDays == 14 && options.asymmetry == 2)
    #expect(options.bootstrap == 99 && options.draws == 2000 && options.threads == 3 && options.surveyScaleHigh == 10)
  }

  @Test func `what is printed reads back as the same`() throws {
    var configuration = Configuration()
    // A seed above 2⁶³ − 1 is written in quotes, since it is no whole number of TOML's.
    let text = Self.everything.replacing("18446744073709551615", with: "\"18446744073709551615\"")
    try configuration.read(text, name: "rapport.toml", folder: "/etc")
    var again = Configuration()
    try again.read(configuration.toml, name: "printed.toml", folder: "/elsewhere")
    #expect(again == configuration)
    var defaults = Configuration()
    defaults.seed = 7
    try defaults.read(Configuration().toml, name: "defaults.toml")
    #expect(defaults == Configuration())
  }

  @Test(arguments: [
    ("timezon = 'UTC'", "bad.toml:1: key 'timezon' isn't known; did you mean 'timezone'?"),
    ("\nseed = -1", "bad.toml:2: seed: found -1, expected a whole number, 0 or more"),
    ("seed = 1\nformat = 'xml'", "bad.toml:2: format: found 'xml', expected one of table, csv, json"),
    ("[calendar.office]\nhours.mun = []", "weekday 'mun' isn't known; did you mean 'mon'?"),
    ("[calendar.office]\nhour = 1", "key 'hour' isn't known; did you mean 'hours'?"),
    ("[calendar.office]\nholidays = []", "has no hours"),
    ("[calendar.office]\nhours = 3", "expected a list of ranges"),
    ("[calendar.office]\nhours.mon = '9-5'", "expected ranges such as"),
    (
      "seed = 1\n[calendar.office]\nhours.mon = ['9-17']",
      "bad.toml:3: calendar.office.hours.mon: '9-17' isn't a range of hours; write it as 09:00-17:00"
    ),
    (
      "[calendar.office]\nhours = { mon = ['09:00-17:00', '16:00-18:00'] }",
      "bad.toml:2: calendar.office.hours.mon: ranges overlap"
    ),
    (
      "[calendar.office]\nhours.mon = ['09:00-17:00']\ntimezone = 'Europe/Londn'",
      "bad.toml:3: calendar.office.timezone: time zone 'Europe/Londn' isn't known; did you mean"
    ),
    (
      "[calendar.office]\nholidays = ['2026-02-30']\n[calendar.office.hours]\nmon = ['09:00-17:00']",
      "bad.toml:2: calendar.office.holidays: '2026-02-30' isn't a date"
    ),
    ("[calendar.office]\nhours.mon = []", "bad.toml:1: calendar.office: no working hours"),
    ("calendar = 'ofice'\n[calendar.office]\nhours.mon = ['09:00-17:00']", "did you mean 'office'?"),
    ("\ndefault-calendar = 'office'", "bad.toml:2: default-calendar: calendar 'office' isn't defined; add [calendar"),
    (
      "\ncalendar = 'office'",
      "bad.toml:2: default-calendar (written here as calendar, which TOML keeps for [calendar.NAME])"
    ),
    ("calendar = 3", "found 3, expected the name of a [calendar.NAME]"),
    ("timezone = 'Europe/Londn'", "bad.toml:1: timezone: time zone 'Europe/Londn' isn't known; did you mean"),
    ("profile = 'jira'", "bad.toml:1: profile: profile 'jira' isn't known"),
    ("format = 'tabel'", "did you mean 'table'?"),
    ("map = { cas = 'x' }", "no column 'cas'"),
    ("weights = { heroism = 1 }", "'heroism' isn't a domain; known are alignment, communication"),
    ("weights = { conflcit = 1 }", "did you mean 'conflict'?"),
    ("weights = { conflict = -1 }", "expected pairs such as"),
    ("weights = { follow-through = 1, followThrough = 2 }", "' is named twice"),
    ("weights = ['voice=1', 'voice=2']", "bad.toml:1: weights: 'voice' is named twice"),
    ("survey-scale = [5, 1]", "the lower first"),
    ("quiet = true\nverbose = true", "bad.toml:2: quiet and verbose contradict each other"),
    ("interval = 2", "a share from 0.5 to 0.999"),
    ("seed = = 3", "bad.toml:1:8"),
    ("zzzzzz = 1", "key 'zzzzzz' isn't known; known are as-of"),
  ])
  func `a mistake is told with its place and cure`(_ text: String, _ message: String) {
    var configuration = Configuration()
    let error = #expect(throws: RapportError.self) { try configuration.read(text, name: "bad.toml") }
    #expect(error?.kind == .configuration)
    #expect(error?.description.contains(message) == true)
  }

  @Test(arguments: [
    ("follow-up", "5000", "expected a number of days, more than 0, at most 3660"),
    ("weights", "responsiveness=1,responsiveness=9", "--weights: 'responsiveness' is named twice"),
    ("weights", "followThrough=1,follow-through=1", "--weights: 'follow-through' is named twice"),
    ("half-life", "soon", "--half-life: found 'soon', expected a number of days, more than 0"),
    ("by", "popularity", "expected one of health, trust"), ("threads", "0", "from 1 to 1024"),
    ("map", "case", "expected contract=foreign"), ("profile", "absent.toml", "profile 'absent.toml' can't be read"),
    ("by", "follow_throuhg", "did you mean 'follow-through'?"), ("weights", "voise=2", "did you mean 'voice'?"),
    ("map", "foo=bar", "--map: 'foo=bar': the contract has no column 'foo' to stand left of '='; its columns are"),
    ("survey-scale", "1", "two numbers"), ("survey-scale", "3--2", "two numbers"),
    ("survey-scale", "1-2-3", "two numbers"), ("survey-scale", "1-inf", "two numbers"),
    ("calendar", "office", "no setting is called 'calendar'; did you mean 'default-calendar'?"),
    ("half-lief", "3", "no setting is called 'half-lief'; did you mean 'half-life'?"),
    ("weights", "responsiveness=-1", "expected pairs"), ("max-bad", "101", "from 0 to 100"),
  ])
  func `an option that can't be honoured is an error`(_ name: String, _ value: String, _ message: String) {
    var configuration = Configuration()
    let error = #expect(throws: RapportError.self) { try configuration.set(option: name, to: .string(value)) }
    #expect(error?.kind == .usage)
    #expect(error?.description.contains(message) == true)
  }

  @Test func `options win over the file`() throws {
    var configuration = Configuration()
    try configuration.read("half-life = 90\nseed = 3", name: "rapport.toml")
    try configuration.set(option: "half-life", to: "30")
    #expect(configuration.halfLifeDays == 30)
    #expect(configuration.seed == 3)
  }

  @Test func `of quiet and verbose the option goes over the file`() throws {
    var configuration = Configuration()
    try configuration.read("quiet = true", name: "rapport.toml")
    try configuration.set(option: "verbose", to: true)
    #expect(configuration.verbose && !configuration.quiet)
    try configuration.set(option: "quiet", to: true)
    #expect(configuration.quiet && !configuration.verbose)
    try configuration.read("quiet = true\nverbose = false", name: "rapport.toml")
    #expect(configuration.quiet)
  }

  // `-2-3` was read as 2 to 3.
  @Test(arguments: [
    ("1-5", 1.0...5), ("-2-3", -2...3), ("-3--1", -3 ... -1), ("0.5-4.5", 0.5...4.5), ("1e0-1e1", 1...10),
  ])
  func `a survey scale is cut between its ends`(_ text: String, _ scale: ClosedRange<Double>) throws {
    var configuration = Configuration()
    try configuration.set(option: "survey-scale", to: .string(text))
    #expect(configuration.surveyScale == scale)
  }

  @Test func `paths are made to mean the same files everywhere`() {
    var configuration = Configuration()
    configuration.rosters = ["sub/managers.csv", "/data/partners.csv", "-"]
    (configuration.ledgers, configuration.rejects, configuration.output) = (["a.ledger"], "bad.csv", "out")
    configuration.profile = "mine.toml"
    let whole = configuration.resolved(against: "/home/ann")
    #expect(whole.rosters == ["/home/ann/sub/managers.csv", "/data/partners.csv", "-"])
    #expect(whole.ledgers == ["/home/ann/a.ledger"] && whole.rejects == "/home/ann/bad.csv")
    #expect(whole.output == "/home/ann/out" && whole.profile == "/home/ann/mine.toml")
    configuration.profile = "jira-service"
    #expect(configuration.resolved(against: "/").profile == "jira-service")
    #expect(configuration.resolved(against: "/").output == "/out")
  }

  @Test func `several maps join`() throws {
    var configuration = Configuration()
    try configuration.set(option: "map", to: ["case=number", "opened=created,manager=caller"])
    #expect(configuration.mapping.columns == [.caseKey: "number", .opened: "created", .manager: "caller"])
  }

  @Test func `the tree has every setting`() {
    let tree = Configuration().tree
    #expect(tree["seed"] == 1)
    #expect(tree["profile"] == .null)
    #expect(tree["survey-scale"] == .null && tree["interval"] == .number(0.9))
  }
}
