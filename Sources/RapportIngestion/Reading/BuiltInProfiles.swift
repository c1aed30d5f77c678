extension Profile {
  /// The profiles that Rapport ships, in the order of their names.
  public static let builtIn: [Profile] = [jiraService, serviceNowIncidents, xes, zendeskTickets]

  /// Incidents as ServiceNow's list view exports them, by column names or labels.
  static let serviceNowIncidents = Profile(
    name: "servicenow-incidents",
    description: "ServiceNow incidents, one row each (list export by names or labels); without a column for the first "
      + "response the resolution is taken for it",
    nulls: ["?"],
    columns: [
      "case": ["number", "Number"],
      "manager": ["caller_id", "Caller", "opened_by", "Opened by"],
      "partner": ["assigned_to", "Assigned to", "resolved_by", "Resolved by"],
      "opened": ["opened_at", "Opened", "sys_created_on", "Created"],
      "responded": [
        "first_response_at", "u_first_response", "First response", "work_start", "Actual start", "resolved_at",
        "Resolved",
        "closed_at", "Closed",
      ],
      "resolved": ["resolved_at", "Resolved", "closed_at", "Closed"],
      "due": ["sla_due", "SLA due", "due_date", "Due date"],
      "topic": ["category", "Category"],
      "priority": ["priority", "Priority"],
      "channel": ["contact_type", "Channel", "Contact type"],
    ])

  /// Tickets of Zendesk: its JSON lines, or tables of Explore.
  static let zendeskTickets = Profile(
    name: "zendesk-tickets",
    description: "Zendesk tickets, one row each (JSON lines or a table of Explore); without a column for the first "
      + "reply the solution is taken for it",
    columns: [
      "case": ["id", "ticket_id", "Ticket ID", "Id"],
      "manager": ["requester_id", "requester", "Requester ID", "Requester", "Requester name"],
      "partner": ["assignee_id", "assignee", "Assignee ID", "Assignee", "Assignee name"],
      "opened": ["created_at", "Created at", "Ticket created - Timestamp"],
      "responded": [
        "first_reply_at", "replied_at", "First reply at", "Ticket first reply - Timestamp", "solved_at", "Solved at",
        "Ticket solved - Timestamp",
      ],
      "resolved": ["solved_at", "Solved at", "Ticket solved - Timestamp"],
      "due": ["due_at", "Due at", "Ticket due - Timestamp"],
      "topic": ["type", "Ticket type", "ticket_type", "Ticket form"],
      "priority": ["priority", "Priority", "Ticket priority"],
      "channel": ["channel", "via_channel", "Channel", "Ticket channel"],
    ])

  /// Issues of Jira Service Management in its CSV export.
  static let jiraService = Profile(
    name: "jira-service",
    description: "Jira Service Management issues (CSV export of all fields, or JSON lines of flat issues); without a "
      + "column for the first response the resolution is taken for it",
    timeFormats: ["d/b/y I:M p", "Y-m-dTH:M:S.fz"],
    columns: [
      "case": ["Issue key", "key"],
      "manager": ["Reporter", "reporter", "Creator"],
      "partner": ["Assignee", "assignee"],
      "opened": ["Created", "created"],
      "responded": [
        "First response", "Custom field (First response)", "Custom field (First response date)", "first_response",
        "Resolved", "resolutiondate",
      ],
      "resolved": ["Resolved", "resolutiondate"],
      "due": ["Due date", "Due Date", "duedate"],
      "topic": ["Custom field (Request Type)", "Request Type", "Issue Type", "issuetype"],
      "priority": ["Priority", "priority"],
      "channel": ["Custom field (Request channel type)", "Request channel type"],
    ])

  /// Process-mining logs as XES tools write them to CSV: case, activity, timestamp, resource.
  static let xes = Profile(
    name: "xes",
    description: "XES-style event logs in CSV (case, activity, timestamp, resource); copy it and map your activities "
      + "under [values.kind]",
    columns: [
      "case": ["case:concept:name", "case_id", "case", "Case ID"],
      "kind": ["concept:name", "activity", "Activity"],
      "timestamp": ["time:timestamp", "timestamp", "Complete Timestamp"],
      "partner": ["org:resource", "resource", "role", "Resource"],
      "manager": ["case:manager", "case:requester", "requester", "manager", "case:org:group"],
      "topic": ["case:topic", "case:category", "topic"],
      "priority": ["case:priority", "priority"],
      "channel": ["case:channel", "channel"],
      "id": ["identity:id", "event_id"],
    ],
    values: [
      "kind": [
        "Create": "request", "Created": "request", "New": "request", "Open": "request", "Opened": "request",
        "Request": "request", "Submit": "request", "Submitted": "request",
        "Answer": "response", "First response": "response", "Reply": "response", "Respond": "response",
        "Response": "response", "request": "request", "response": "response", "resolution": "resolution",
        "Close": "resolution", "Closed": "resolution", "Complete": "resolution", "Resolve": "resolution",
        "Resolved": "resolution",
        "Assign": "reassign", "Reassign": "reassign", "Reassigned": "reassign",
        "Reopen": "reopen", "Reopened": "reopen", "Cancel": "withdraw", "Cancelled": "withdraw", "Withdraw": "withdraw",
        "On hold": "pause", "Wait": "pause", "Resume": "resume", "Escalate": "escalation", "Escalated": "escalation",
        "*": "",
      ]
    ])
}
