import Foundation
import RapportTestSupport

/// A small event log in a folder of its own: six managers with two partners over four months.
struct SampleLog {
  let scratch: Scratch
  let events: String
  let roster: String

  init() throws {
    scratch = try Scratch()
    var text = "timestamp,kind,manager,partner,case,topic,due,value\n"
    for i in 0..<240 {
      let manager = "M\(i % 6 + 1)"
      let partner = "P\(i % 2 + 1)"
      let day = i / 2
      let (month, dayOfMonth) = (day / 30 + 1, day % 30 % 28 + 1)
      func stamp(_ hour: Int, _ minute: Int) -> String {
        "2026-0\(month)-\(dayOfMonth < 10 ? "0" : "")\(dayOfMonth)T\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
      }
      let minute = i * 7 % 60
      text += "\(stamp(9, minute)),request,\(manager),\(partner),R\(i),pay,\(stamp(20, 0)),\n"
      if i % 9 != 0 { text += "\(stamp(10 + i % 6, minute)),response,\(manager),\(partner),R\(i),,,\n" }
      if i % 5 == 0 {
        text += "\(stamp(9, minute)),commitment,\(manager),\(partner),C\(i),,\(stamp(18, 0)),\n"
        text += "\(stamp(i % 2 == 0 ? 12 : 19, minute)),fulfilment,\(manager),\(partner),C\(i),,,\n"
        text += "\(stamp(11, minute)),check_in,\(manager),\(partner),,,,45\n"
        text += "\(stamp(11, minute)),decision,\(manager),\(partner),,,,\(i % 3 == 0 ? 0 : 1)\n"
      }
    }
    events = try scratch.write("events.csv", text)
    roster = try scratch.write(
      "managers.csv", "manager,unit\n" + (1...6).map { "M\($0),\($0 < 4 ? "sales" : "works")\n" }.joined())
  }

  /// A path in the folder.
  subscript(name: String) -> String { scratch[name].path }
}
