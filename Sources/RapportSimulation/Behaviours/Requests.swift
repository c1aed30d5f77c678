import RapportIngestion

/// Managers' requests through the partners' queues, with resolutions, reopenings and escalations.
struct Requests {
  /// Logit of a resolution that lasts, and of an escalation, per standard deviation of their traits.
  static func lastingProbability(_ level: Double) -> Double { logistic(2.0 + 0.7 * level) }
  static func escalationProbability(_ level: Double) -> Double { logistic(-3.0 - 0.6 * level) }
  /// Escalations that are protected, as a share of the ordinary ones.
  static let protectedShare = 0.15

  /// Plays all queues and logs what is seen of them.
  func play(_ organisation: Organisation, into log: inout EventLog) {
    let settings = organisation.settings
    let arrivals = RequestArrivals(organisation)
    let window = organisation.playedDays.lowerBound.dayNumber * 86_400..<organisation.span.upperBound
    var requests: [QueuedRequest] = []
    for (m, manager) in organisation.managers.enumerated() {
      requests += arrivals.draw(
        m, clock: manager.clock, targets: organisation.clock, in: window, steadyState: false)
    }
    requests.sort { ($0.arrived, $0.manager, $0.pair) < ($1.arrived, $1.manager, $1.pair) }

    var cases = [Int32](repeating: -1, count: requests.count)
    var run = QueueRun(
      requests, disciplines: organisation.partners.map(\.discipline), clocks: organisation.partners.map(\.clock),
      seed: settings.seed, purpose: .queue, interruptions: .init(), end: window.upperBound)
    let escalates = settings.behaviours.contains(.escalations)
    run.run { step, position, request, now in
      // Requests from before the first day never appear: the log was exported by opening date.
      if request.arrived < organisation.span.lowerBound { return }
      if step == .arrival { cases[position] = log.newCase(.request) }
      func event(_ kind: EventKind, at time: Int, by actor: Party) -> SimulatedEvent {
        var event = SimulatedEvent(
          kind, at: time, actor: actor, manager: Int(request.manager), partner: Int(request.partner))
        event.caseNumber = cases[position]
        return event
      }
      let pair = organisation.pairs[Int(request.pair)]
      switch step {
      case .arrival:
        var asked = event(.request, at: now, by: .manager)
        asked.topic = request.topic + 1
        asked.priority = request.priority + 1
        asked.channel = request.channel + 1
        asked.dueOffset = Int32(request.due - now)
        log.append(asked)
        var draws = Draws(seed: settings.seed, .escalations, position)
        let level = pair.level(.calm, at: now, in: organisation.span)
        if escalates && draws.chance(Requests.escalationProbability(level) * (1 + Requests.protectedShare)) {
          let later = now + 86_400 + Int(draws.exponential() * 172_800)
          var raised = event(.escalation, at: organisation.clock.nextWorking(later) ?? later, by: .manager)
          raised.channel =
            draws.chance(Requests.protectedShare / (1 + Requests.protectedShare))
            ? SimulatedEvent.protectedChannel : request.channel + 1
          log.append(raised)
        }
      case .response:
        log.append(event(.response, at: now, by: .partner))
        var draws = Draws(seed: settings.seed, .resolutions, position)
        guard draws.chance(0.95) else { return }
        let clock = organisation.partners[Int(request.partner)].clock
        let lag = Int(0.5 * Double(clock.daySeconds) * draws.logNormal(0.8))
        guard let resolved = clock.wall(worked: clock.worked(at: now) + lag) else { return }
        log.append(event(.resolution, at: resolved, by: .partner))
        let level = pair.level(.lasting, at: now, in: organisation.span)
        guard !draws.chance(Requests.lastingProbability(level)) else { return }
        let back = resolved + 86_400 + Int(draws.uniform() * 20 * 86_400)
        let manager = organisation.managers[Int(request.manager)].clock
        guard let reopened = manager.nextWorking(back), reopened - resolved < 29 * 86_400 else { return }
        log.append(event(.reopen, at: reopened, by: .manager))
        guard let again = clock.wall(worked: clock.worked(at: reopened) + 2 * lag + 600) else { return }
        log.append(event(.resolution, at: again, by: .partner))
      case .passing: log.append(event(.reassign, at: now, by: .partner))
      case .withdrawal: log.append(event(.withdraw, at: now, by: .manager))
      case .pause: log.append(event(.pause, at: now, by: .partner))
      case .resumption: log.append(event(.resume, at: now, by: .partner))
      }
    }
  }
}
