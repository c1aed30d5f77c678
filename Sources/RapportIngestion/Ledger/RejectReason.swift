/// Why a row, or one of its values, couldn't be used. The raw value is the key in `data-quality.json`.
public enum RejectReason: String, CaseIterable, Sendable, Codable {
  // The row as a whole is refused.
  case tooFewFields, tooManyFields, badQuotes, badJSON, invalidUTF8
  case missingTime, badTime, futureTime
  case missingKind, unknownKind
  case missingManager, missingPartner, missingCase
  case badActor, badValue, badDue
  case caseRepeats
  // The row is left out for what it says, not for how it is written.
  case selfRequest, notMapped
  // One value is removed, the row is used.
  case respondedUnreadable, respondedBeforeOpened, respondedInFuture
  case resolvedUnreadable, resolvedBeforeOpened, resolvedInFuture
  case withdrawnUnreadable, withdrawnBeforeOpened, withdrawnInFuture
  case dueUnreadable, recordedUnreadable

  /// What the reason does to a row; never ``DataQuality/Consequence/used``.
  public var consequence: DataQuality.Consequence {
    switch self {
    case .selfRequest, .notMapped: .leftOut
    case .respondedUnreadable, .respondedBeforeOpened, .respondedInFuture, .resolvedUnreadable, .resolvedBeforeOpened,
      .resolvedInFuture, .withdrawnUnreadable, .withdrawnBeforeOpened, .withdrawnInFuture, .dueUnreadable,
      .recordedUnreadable:
      .valueRemoved
    default: .refused
    }
  }

  /// The reason as people read it: `bad time` for `badTime`, `bad JSON` for `badJSON`.
  public var words: String { KeyWords.words(rawValue) }

  /// What it means and what to do about it, in one sentence.
  public var advice: String {
    switch self {
    case .tooFewFields: "The row has fewer fields than the header; look for a line break inside an unquoted field."
    case .tooManyFields: "The row has more fields than the header; quote fields that contain the delimiter."
    case .badQuotes: "A quoted field doesn't end where it should; double the quotes inside quoted fields."
    case .badJSON: "The line isn't one flat JSON object."
    case .invalidUTF8: "The row isn't UTF-8; export as UTF-8 or convert with iconv."
    case .missingTime: "The row has no time."
    case .badTime:
      "The time can't be read, or lies before 1970; use ISO 8601 or Unix seconds, or name the format in a profile."
    case .futureTime: "The time lies after the start of this run; check the clock, the zone and the date format."
    case .missingKind: "The row has no kind."
    case .unknownKind: "The kind isn't one of the contract; correct it or map it with a profile's values."
    case .missingManager: "The row names no manager."
    case .missingPartner: "This kind needs a partner, and the row names none."
    case .missingCase: "This kind is linked by case, and the row names none."
    case .badActor: "The actor must be 'manager' or 'partner'; leave it empty for the kind's default."
    case .badValue: "The value doesn't fit its kind: a rating on the survey scale, minutes of 0 or more, or 1 and 0."
    case .badDue: "The due time can't be read; use ISO 8601 or Unix seconds."
    case .caseRepeats:
      "The case number stands for another request too, of another manager or opening; the one that was opened first counts. "
        + "See that 'case' is mapped to the request's own number, and give each system's cases a prefix of their own."
    case .selfRequest: "Manager and partner are the same text: nothing between two people; the row is left out."
    case .notMapped: "The profile says that this value isn't an event."
    case .respondedUnreadable, .resolvedUnreadable, .withdrawnUnreadable:
      "The time can't be read, or lies before 1970; it is removed and the request takes no part in waits."
    case .respondedBeforeOpened, .resolvedBeforeOpened, .withdrawnBeforeOpened:
      "The time lies before the request was opened; it is removed and the request takes no part in waits."
    case .respondedInFuture, .resolvedInFuture, .withdrawnInFuture:
      "The time lies after the start of this run; it is removed and the request takes no part in waits."
    case .dueUnreadable:
      "The due time of a request can't be read, or that of any row lies before 1970; the row counts as one without due time."
    case .recordedUnreadable: "The time of entry can't be read, or lies before 1970; the row is used as if it had none."
    }
  }
}
