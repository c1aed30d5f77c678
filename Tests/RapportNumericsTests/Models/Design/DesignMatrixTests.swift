import RapportNumerics
import Testing

@Suite struct DesignMatrixTests {
  @Test func `treatment contrasts, worked by hand`() throws {
    let kind = DesignTerm.category(try DesignTerm.Category(name: "kind", values: ["b", "a", "c", "b"]))
    let size = DesignTerm.number(name: "size", values: [1, 0, 2, 3])
    let design = try DesignMatrix(rows: 4, terms: [size, kind, .interaction([size, kind])])
    #expect(design.names == ["(Intercept)", "size", "kind=b", "kind=c", "size:kind=b", "size:kind=c"])
    #expect(
      design.dense
        == Matrix(rows: [[1, 1, 1, 0, 1, 0], [1, 0, 0, 0, 0, 0], [1, 2, 0, 1, 0, 2], [1, 3, 1, 0, 3, 0]]))
    #expect(design.dot(row: 2, [10, 1, 5, 7, 0, 1]) == 21)
  }

  @Test func `two categories cross with the first varying fastest`() throws {
    let a = DesignTerm.category(try DesignTerm.Category(name: "a", values: ["1", "2", "3", "3"]))
    let b = DesignTerm.category(try DesignTerm.Category(name: "b", values: ["x", "y", "z", "y"]))
    let design = try DesignMatrix(rows: 4, intercept: false, terms: [.interaction([a, b])])
    #expect(design.names == ["a=2:b=y", "a=3:b=y", "a=2:b=z", "a=3:b=z"])
    #expect(design.dense == Matrix(rows: [[0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]]))
  }

  @Test func `another reference level`() throws {
    let category = try DesignTerm.Category(name: "k", values: ["a", "b", "c"], reference: "b")
    let design = try DesignMatrix(rows: 3, terms: [.category(category)])
    #expect(design.names == ["(Intercept)", "k=a", "k=c"])
    #expect(design.dense == Matrix(rows: [[1, 1, 0], [1, 0, 0], [1, 0, 1]]))
    #expect(throws: NumericsError.invalidInput("'z' is not a level of k, whose levels are a, b, c")) {
      try DesignTerm.Category(name: "k", values: ["a", "b", "c"], reference: "z")
    }
  }

  @Test func `wrong terms are refused with place and numbers`() {
    #expect(throws: NumericsError.invalidInput("'x' has 2 values, expected 3")) {
      try DesignMatrix(rows: 3, terms: [.number(name: "x", values: [1, 2])])
    }
    #expect(throws: NumericsError.invalidInput("'x' is inf in row 2, expected a finite number")) {
      try DesignMatrix(rows: 2, terms: [.number(name: "x", values: [1, .infinity])])
    }
    #expect(throws: NumericsError.invalidInput("'k' has 1 values, expected 2")) {
      try DesignMatrix(rows: 2, terms: [.category(.init(name: "k", levels: ["a"], codes: [0]))])
    }
    #expect(throws: NumericsError.invalidInput("'k' has code 3 in row 2, expected 0 to 1")) {
      try DesignMatrix(
        rows: 2, terms: [.interaction([.category(.init(name: "k", levels: ["a", "b"], codes: [0, 3]))])])
    }
    for reference in [-1, 2] {
      let term = DesignTerm.category(.init(name: "k", levels: ["a", "b"], codes: [0, 1], reference: reference))
      for terms in [[term], [.interaction([term])]] {
        #expect(
          throws: NumericsError.invalidInput(
            "'k' has reference \(reference), expected one of its 2 levels, counted from 0")
        ) {
          try DesignMatrix(rows: 2, terms: terms)
        }
      }
    }
    #expect(throws: NumericsError.invalidInput("an interaction has no parts, expected one or more")) {
      try DesignMatrix(rows: 2, terms: [.interaction([])])
    }
  }
}
