import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct ModeratedVariancesTests {
  @Test func `as limma has it`() throws {
    guard let reference = ReferenceCase("D01-squeezevar") else { return }
    let table = reference.table("variances.csv")
    let fourth = table.numbers("var_df4")
    let fits: [(String, ModeratedVariances)] = [
      ("equal", try ModeratedVariances(variances: fourth, degreesOfFreedom: fourth.map { _ in 4 })),
      (
        "homogeneous",
        try ModeratedVariances(
          variances: table.numbers("var_df7_homogeneous"), degreesOfFreedom: fourth.map { _ in 7 })
      ),
      ("unequal", try ModeratedVariances(variances: fourth, degreesOfFreedom: table.numbers("df_mixed"))),
      ("tiny", try ModeratedVariances(variances: [0.5, 1, 4], degreesOfFreedom: [10, 10, 10])),
    ]
    for (name, fit) in fits {
      reference.check(fit: name, "df_prior", got: fit.priorDegreesOfFreedom)
      reference.check(fit: name, "var_prior", got: fit.priorVariance)
      reference.check(fit: name, "var_post", got: fit.posteriorVariances)
      if name != "tiny" { reference.check(fit: name, "evar", got: fit.excess) }
    }
    #expect(fits[0].1.spread == .estimated)
    #expect(fits[1].1.spread == .none)
    let moderated = zip(table.numbers("t_effect"), fits[0].1.posteriorVariances).map { $0 / (0.5 * $1).squareRoot() }
    reference.check(fit: "moderated_t", "t_mod", got: moderated)
    let total = fits[0].1.posteriorDegreesOfFreedom[0]
    reference.check(fit: "moderated_t", "df_total", got: total)
    reference.check(fit: "moderated_t", "p", got: moderated.map(StudentT(degreesOfFreedom: total).twoSided))
  }

  @Test func `edges`() throws {
    let zeros = try ModeratedVariances(variances: [0, 0], degreesOfFreedom: [3, 4])
    #expect(zeros.posteriorVariances == [0, 0])
    let single = try ModeratedVariances(variances: [2, .nan], degreesOfFreedom: [3, 0])
    #expect(single.spread == .undetermined)
    #expect(single.posteriorVariances == [2, 2])
    let mostlyZero = try ModeratedVariances(variances: [0, 0, 5], degreesOfFreedom: [3, 3, 3])
    #expect(mostlyZero.posteriorVariances.allSatisfy { $0.isFinite })
    // A unit without degrees of freedom takes the prior's variance.
    let fit = try ModeratedVariances(variances: [0.5, 1, 4, 9], degreesOfFreedom: [10, 10, 10, 0])
    #expect(fit.posteriorVariances[3] == fit.priorVariance)
    #expect(throws: NumericsError.self) { try ModeratedVariances(variances: [1], degreesOfFreedom: [0]) }
    #expect(throws: NumericsError.self) { try ModeratedVariances(variances: [-1], degreesOfFreedom: [2]) }
  }
}
