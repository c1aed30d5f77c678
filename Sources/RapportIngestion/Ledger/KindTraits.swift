/// What a reader of rows asks of a kind, laid out for looking up by number.
struct KindTraits {
  var kind: EventKind
  var family: CaseFamily?
  var slot: CaseRow.Slot?
  var defaultActor: Party
  var needsPartner: Bool
  /// Whether rows of it may take the short way: all but those that are always protected, and absences, which are one side's alone.
  var isPlain: Bool

  init(_ kind: EventKind) {
    self.kind = kind
    family = kind.family
    slot = kind.slot
    defaultActor = kind.defaultActor ?? .manager
    needsPartner = kind.needsPartner
    isPlain = kind != .concern && kind != .absence
  }
}
