import Rapport

/// A mixed model's fit for people.
struct MixedFitView {
  let fit: TableMixedFit
  let console: Console

  init(_ fit: TableMixedFit, console: Console) {
    self.fit = fit
    self.console = console
  }

  var text: String {
    var text = FitText(console: console)
    text.heading(
      "\(fit.model.response) in \(Figure.count(fit.observations, "observation"))"
        + (fit.model.weights.map { ", weighted by \($0)" } ?? "") + ": linear mixed model by "
        + (fit.remlCriterion == nil ? "likelihood (ML)" : "restricted likelihood (REML)"))
    text.heading("Fixed part")
    var table = ConsoleTable([
      .text("term"), .number("estimate"), .number("standard error"), .number("degrees of freedom", leavesAt: 1),
      .text("95 % interval"),
    ])
    for term in fit.fixed {
      table.append(
        term.name, Figure.significant(term.estimate, digits: 5), Figure.significant(term.standardError, digits: 4),
        term.degreesOfFreedom.map { Figure.number($0, digits: $0 < 100 ? 1 : 0) } ?? "",
        Self.interval(term.low, term.high))
    }
    text.table(table)
    text.heading("Variances")
    var variances = ConsoleTable([
      .text("group"), .number("levels"), .number("variance"), .number("standard deviation", leavesAt: 1),
      .number("share"), .text("95 % interval of the deviation"),
    ])
    let total = fit.variances.reduce(0) { $0 + $1.variance }
    for part in fit.variances {
      variances.append(
        part.group, part.levels.map { Figure.count($0) } ?? "", Figure.significant(part.variance, digits: 5),
        Figure.significant(part.variance.squareRoot(), digits: 4), Figure.percent(part.variance / total),
        part.low.flatMap { low in part.high.map { Self.interval(low.squareRoot(), $0.squareRoot()) } } ?? "")
    }
    text.table(variances)
    text.effects(fit.effects.map { ($0.group, $0.level, $0.estimate, $0.standardDeviation) })
    text.heading("Fit")
    text.paragraph(
      "Log-likelihood \(Figure.number(fit.logLikelihood, digits: 4))"
        + (fit.remlCriterion.map { ", REML criterion \(Figure.number($0, digits: 4))" } ?? "")
        + ", AIC \(Figure.number(fit.akaike, digits: 2)). Intervals of fixed terms are "
        + (fit.fixed.contains { $0.degreesOfFreedom != nil }
          ? "by Student's distribution, degrees of freedom by Satterthwaite's method" : "normal ones")
        + (fit.variances.contains { $0.low != nil } ? "; those of deviations follow the likelihood's profile" : "")
        + ". Effects are drawn towards zero as far as their level's rows are few.")
    text.notes(fit.notes)
    return text.text
  }

  private static func interval(_ low: Double, _ high: Double) -> String {
    "\(Figure.significant(low, digits: 4)) to \(Figure.significant(high, digits: 4))"
  }
}
