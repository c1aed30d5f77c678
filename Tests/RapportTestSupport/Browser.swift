import Foundation
import Glibc

/// A headless Chromium, driven over WebDriver by Debian's own `chromedriver`.
///
/// A page is looked at as a reader's browser shows it. Where either program is missing the tests that need it are skipped, and
/// say so.
public final class Browser {
  /// Why there is no browser; `nil` where there is one.
  public static let missing: String? = {
    let absent = ["chromedriver", "chromium", "curl"].filter { Tool.path(of: $0) == nil }
    return absent.isEmpty ? nil : "\(absent.joined(separator: " and ")) not installed"
  }()

  /// Whether pages can be looked at; where they can't, prints once why not.
  public static let isAvailable: Bool = {
    if let missing { print("Skipped: tests in a browser, since \(missing)") }
    return missing == nil
  }()

  /// What went wrong between here and the browser.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
    public init(description: String) { self.description = description }
  }

  private let driver = Process()
  private let log: Scratch
  private var address = ""
  private var session = ""

  /// A new window of this size in pixels.
  public init(width: Int = 1440, height: Int = 1000) throws {
    log = try Scratch()
    driver.executableURL = URL(fileURLWithPath: Tool.path(of: "chromedriver") ?? "chromedriver")
    // The driver chooses a free port and tells it.
    driver.arguments = ["--port=0"]
    try Data().write(to: log["log"])
    driver.standardOutput = try FileHandle(forWritingTo: log["log"])
    driver.standardError = driver.standardOutput
    try driver.run()
    address = "http://127.0.0.1:\(try port())"
    let options: [String: Any] = [
      "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"]
    ]
    let capabilities: [String: Any] = [
      "browserName": "chrome", "goog:chromeOptions": options,
      "goog:loggingPrefs": ["browser": "ALL", "performance": "ALL"],
    ]
    let made = try call("POST", "/session", ["capabilities": ["alwaysMatch": capabilities]])
    guard let id = (made as? [String: Any])?["sessionId"] as? String else {
      throw Failure(description: "no session: \(made)")
    }
    session = "/session/\(id)"
    try resize(width: width, height: height)
  }

  deinit {
    _ = try? call("DELETE", session)
    // It doesn't heed a polite request where the tests' runner blocks that signal.
    kill(driver.processIdentifier, SIGKILL)
    driver.waitUntilExit()
  }

  /// The viewport, in CSS pixels.
  public func resize(width: Int, height: Int) throws {
    try develop(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
  }

  /// Shows the page as it looks in print, or on a dark screen.
  public func show(medium: String = "", scheme: String = "light") throws {
    try develop(
      "Emulation.setEmulatedMedia",
      ["media": medium, "features": [["name": "prefers-color-scheme", "value": scheme]]])
  }

  /// Opens a file, at this part of it.
  public func open(_ file: URL, fragment: String = "") throws {
    // A fragment alone wouldn't load the page again.
    _ = try call("POST", session + "/url", ["url": "about:blank"])
    _ = try call("POST", session + "/url", ["url": file.absoluteString + fragment])
  }

  /// What a script's `return` gives; it may `await`.
  ///
  /// - Throws: ``Failure`` where it throws, or gives something else.
  public func run<Value>(_ script: String, as type: Value.Type = Value.self) throws -> Value {
    let body =
      "const done = arguments[arguments.length - 1];"
      + "(async () => {\(script)})().then(v => done({value: v}), e => done({failure: String(e)}));"
    let given = try call("POST", session + "/execute/async", ["script": body, "args": [String]()])
    let answer = given as? [String: Any]
    if let failure = answer?["failure"] as? String { throw Failure(description: failure) }
    guard let value = answer?["value"] as? Value else { throw Failure(description: "not a \(type): \(given)") }
    return value
  }

  /// Presses keys on whatever has the focus; `\u{E004}` is Tab, `\u{E007}` Enter.
  public func press(_ keys: String) throws {
    let actions = keys.flatMap { key in
      [["type": "keyDown", "value": String(key)], ["type": "keyUp", "value": String(key)]]
    }
    _ = try call(
      "POST", session + "/actions", ["actions": [["type": "key", "id": "keys", "actions": actions] as [String: Any]]])
  }

  /// What the browser had to complain of since the last time that this was asked.
  public func complaints() throws -> [String] {
    let entries = try call("POST", session + "/se/log", ["type": "browser"]) as? [[String: Any]] ?? []
    return entries.compactMap { $0["message"] as? String }
  }

  /// Addresses that were asked for since the last time that this was asked, without those of the driver's own.
  public func requests() throws -> [String] {
    let entries = try call("POST", session + "/se/log", ["type": "performance"]) as? [[String: Any]] ?? []
    return try entries.compactMap { entry in
      guard let text = entry["message"] as? String,
        let outer = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
        let message = outer["message"] as? [String: Any], message["method"] as? String == "Network.requestWillBeSent",
        let parameters = message["params"] as? [String: Any], let request = parameters["request"] as? [String: Any]
      else { return nil }
      return request["url"] as? String
    }
  }

  /// Saves what is seen as a PNG.
  public func screenshot(to file: URL) throws {
    guard let text = try call("GET", session + "/screenshot") as? String, let data = Data(base64Encoded: text) else {
      throw Failure(description: "no screenshot")
    }
    try data.write(to: file)
  }

  private func develop(_ command: String, _ parameters: [String: Any]) throws {
    _ = try call("POST", session + "/goog/cdp/execute", ["cmd": command, "params": parameters])
  }

  private func port() throws -> Int {
    let end = Date(timeIntervalSinceNow: 30)
    while Date() < end {
      let text = try String(contentsOf: log["log"], encoding: .utf8)
      if let said = text.firstMatch(of: /started successfully on port (\d+)/), let port = Int(said.1) { return port }
      Thread.sleep(forTimeInterval: 0.05)
    }
    throw Failure(description: "chromedriver didn't start: \(try String(contentsOf: log["log"], encoding: .utf8))")
  }

  @discardableResult
  private func call(_ method: String, _ path: String, _ body: [String: Any]? = nil) throws -> Any {
    // By `curl`: Foundation's own client stumbles over the driver's headers ("Failed writing header").
    let scratch = try Scratch()
    var arguments = [
      "--silent", "--show-error", "--max-time", "120", "--request", method, "--output", scratch["answer"].path,
    ]
    if let body {
      try JSONSerialization.data(withJSONObject: body).write(to: scratch["body"])
      arguments += ["--header", "Content-Type: application/json", "--data-binary", "@\(scratch["body"].path)"]
    }
    let curl = Process()
    curl.executableURL = URL(fileURLWithPath: Tool.path(of: "curl") ?? "curl")
    curl.arguments = arguments + [address + path]
    try curl.run()
    curl.waitUntilExit()
    guard curl.terminationStatus == 0 else {
      throw Failure(description: "\(path): curl ended with \(curl.terminationStatus)")
    }
    let data = try Data(contentsOf: scratch["answer"])
    let whole = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let value = whole?["value"] ?? NSNull()
    if let failed = value as? [String: Any], let error = failed["error"] as? String {
      throw Failure(description: "\(path): \(error): \(failed["message"] ?? "")")
    }
    return value
  }
}
