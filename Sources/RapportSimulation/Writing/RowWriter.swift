import RapportIngestion

/// Puts simulated rows into bytes, in the columns of the event contract.
struct RowWriter {
  static let header = "timestamp,kind,manager,partner,actor,case,topic,priority,channel,due,value,recorded_at\n"

  private(set) var bytes: [UInt8] = []
  private let managers: [[UInt8]]
  private let partners: [[UInt8]]
  private let kinds = EventKind.allCases.map { Array($0.rawValue.utf8) }
  private let families = EventKind.allCases.map { $0.family ?? .request }
  private let topics = RequestCategory.topics.map { Array($0.utf8) }
  private let priorities = RequestCategory.priorities.map { Array($0.utf8) }
  private let channels = RequestCategory.channels.map { Array($0.utf8) }
  /// `Z` where the organisation keeps universal time; elsewhere the wall clock's time stands alone.
  private let suffix: [UInt8]

  init(_ organisation: Organisation) {
    managers = organisation.managers.map { Array($0.id.utf8) }
    partners = organisation.partners.map { Array($0.id.utf8) }
    suffix = organisation.settings.timeZone == "UTC" ? [UInt8(ascii: "Z")] : []
  }

  /// Forgets what was written, its storage kept.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }
  mutating func append(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

  mutating func append(_ event: SimulatedEvent) {
    append(time: event.time)
    comma()
    bytes += kinds[Int(event.kindCode)]
    comma()
    bytes += managers[Int(event.manager)]
    comma()
    if event.partner >= 0 { bytes += partners[Int(event.partner)] }
    comma()
    switch event.actorCode {
    case 1: append(text: "manager")
    case 2: append(text: "partner")
    default: break
    }
    comma()
    if event.caseNumber >= 0 {
      bytes.append([UInt8]("RCFXG".utf8)[Int(families[Int(event.kindCode)].rawValue)])
      append(number: Int(event.caseNumber), digits: 6)
    }
    comma()
    if event.topic > 0 { bytes += topics[Int(event.topic) - 1] }
    comma()
    if event.priority > 0 { bytes += priorities[Int(event.priority) - 1] }
    comma()
    if event.channel == SimulatedEvent.protectedChannel {
      append(text: "protected")
    } else if event.channel > 0 {
      bytes += channels[Int(event.channel) - 1]
    }
    comma()
    if event.dueOffset != SimulatedEvent.noDue { append(time: event.time + Int(event.dueOffset)) }
    comma()
    if event.value >= 0 { append(number: Int(event.value), digits: 1) }
    comma()
    if event.recordedOffset != 0 { append(time: event.time + Int(event.recordedOffset)) }
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func comma() { bytes.append(UInt8(ascii: ",")) }

  private mutating func append(number: Int, digits: Int) {
    var power = 1
    for _ in 1..<digits { power *= 10 }
    while number / power >= 10 { power *= 10 }
    while power > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / power % 10))
      power /= 10
    }
  }

  private mutating func append(time: Int) {
    let (year, month, day) = CivilDate(dayNumber: time / 86_400).components
    let second = time % 86_400
    append(number: year, digits: 4)
    bytes.append(UInt8(ascii: "-"))
    append(number: month, digits: 2)
    bytes.append(UInt8(ascii: "-"))
    append(number: day, digits: 2)
    bytes.append(UInt8(ascii: "T"))
    append(number: second / 3600, digits: 2)
    bytes.append(UInt8(ascii: ":"))
    append(number: second / 60 % 60, digits: 2)
    bytes.append(UInt8(ascii: ":"))
    append(number: second % 60, digits: 2)
    bytes += suffix
  }
}
