import Glibc
import Rapport

/// A fit of hazards or choices for people.
struct HazardFitView {
  let fit: TableHazardFit
  let console: Console

  init(_ fit: TableHazardFit, console: Console) {
    self.fit = fit
    self.console = console
  }

  private var isCox: Bool { fit.model.kind == .cox }

  var text: String {
    var text = FitText(console: console)
    text.heading(
      (isCox ? "Cox model: " : "Choice model: ") + "\(Figure.count(fit.observations, "row")), "
        + (isCox ? Figure.count(fit.events, "event") : Figure.count(fit.events, "choice"))
        + (fit.strata > 1 ? ", \(Figure.count(fit.strata, "stratum", "strata"))" : ""))
    if !fit.coefficients.isEmpty { coefficients(&text) }
    if let variances = fit.variances {
      text.heading("Variances of effects on the log \(isCox ? "hazard" : "odds")")
      var table = ConsoleTable([.text("group"), .number("levels"), .number("variance"), .number("standard deviation")])
      for part in variances {
        table.append(
          part.group, part.levels.map { Figure.count($0) } ?? "", Figure.significant(part.variance, digits: 5),
          Figure.significant(part.variance.squareRoot(), digits: 4))
      }
      text.table(table)
    }
    text.effects((fit.effects ?? []).map { ($0.group, $0.level, $0.estimate, $0.standardDeviation) })
    text.heading("Fit")
    text.paragraph(summary)
    text.notes(fit.notes)
    return text.text
  }

  private func coefficients(_ text: inout FitText) {
    text.heading("Coefficients")
    let isRobust = fit.coefficients.contains { $0.robustStandardError != nil }
    let ratio = isCox ? "hazard ratio" : "odds ratio"
    var table = ConsoleTable(
      [.text("term"), .number("estimate"), .number("standard error")]
        + (isRobust ? [.number("robust error")] : []) + [
          .number(ratio), .text("95 % interval"), .number("p", leavesAt: 1),
        ])
    for term in fit.coefficients {
      guard let low = term.low, let high = term.high, let pValue = term.pValue else {
        table.append([term.name, "diverges", "–"] + (isRobust ? ["–"] : []) + ["–", "not estimable", "–"])
        continue
      }
      let limits = [low, high].map { Figure.significant(exp($0), digits: 4) }
      table.append(
        [term.name, Figure.significant(term.estimate, digits: 5), Figure.significant(term.standardError, digits: 4)]
          + (term.robustStandardError.map { [Figure.significant($0, digits: 4)] } ?? [])
          + [
            Figure.significant(exp(term.estimate), digits: 4), "\(limits[0]) to \(limits[1])", Figure.pValue(pValue),
          ])
    }
    text.table(table)
  }

  private var summary: String {
    var parts = [
      "Log-likelihood \(Figure.number(fit.logLikelihood, digits: 4)), without coefficients "
        + Figure.number(fit.nullLogLikelihood, digits: 4)
    ]
    if let test = fit.likelihoodRatioTest, test.degreesOfFreedom > 0 {
      parts.append(
        "likelihood ratio \(Figure.number(test.statistic, digits: 2)) on \(test.degreesOfFreedom), p "
          + Figure.pValue(test.pValue))
    }
    if let test = fit.waldTest {
      parts.append(
        "robust Wald test F \(Figure.number(test.ratio, digits: 2)) on \(test.numerator) and \(test.denominator), p "
          + Figure.pValue(test.pValue))
    }
    if let concordance = fit.concordance { parts.append("concordance \(Figure.number(concordance, digits: 3))") }
    var sentence = parts.joined(separator: "; ") + ". "
    switch fit.ties {
    case .efron: sentence += "Ties by Efron."
    case .breslow: sentence += "Ties by Breslow."
    case .exact: sentence += "Ties exact."
    }
    if let prior = fit.model.prior {
      sentence +=
        " Each coefficient has a normal prior with mean 0 and standard deviation "
        + Figure.significant(prior, digits: 3) + "."
    }
    if let clusters = fit.clusters, !fit.coefficients.isEmpty {
      sentence +=
        " Robust errors rest on \(Figure.count(clusters, "cluster")): intervals and p-values take their variance times "
        + "\(Figure.count(clusters))/\(Figure.count(clusters - 1)), and Student's distribution with "
        + "\(Figure.count(clusters - 1, "degree")) of freedom."
    }
    if fit.variances != nil {
      sentence += " Effects are integrated out of the log-likelihood by Laplace's approximation."
    }
    return sentence
  }
}
