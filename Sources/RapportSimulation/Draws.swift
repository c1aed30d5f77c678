import Glibc
import RapportNumerics

/// What a stream of random numbers is for: streams of different purposes never share a number.
enum Purpose: String {
  case manager, managerTraits, pairTraits, absences, mixes, favoured, requests, resolutions, reference
  case referenceRequests, partnerRequests, checkIns, commitments, feedback, surveys, recognition, decisions, conflicts
  case goals, objections, training, concerns, escalations, queue, dirt
}

/// Random numbers for one purpose and unit; another unit's don't change when this one draws more.
struct Draws {
  private var stream: RandomStream

  /// - Parameters:
  ///   - first: the unit, such as a manager; −2³¹ to 2³¹ − 1
  ///   - second: a part of it, such as a partner
  init(seed: UInt64, _ purpose: Purpose, _ first: Int = 0, _ second: Int = 0) {
    let unit = UInt64(UInt32(bitPattern: Int32(first))) << 32 | UInt64(UInt32(bitPattern: Int32(second)))
    stream = RandomStream(seed: seed, purpose: purpose.rawValue, unit: unit)
  }

  /// Above 0 and below 1.
  mutating func uniform() -> Double { stream.uniform() }
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }
  mutating func below(_ count: Int) -> Int { stream.integer(below: count) }
  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }
  mutating func normal() -> Double { stream.normal() }
  /// Exponential with mean 1.
  mutating func exponential() -> Double { stream.exponential() }
  /// exp(σ z), whose median is 1.
  mutating func logNormal(_ sigma: Double) -> Double { exp(sigma * normal()) }
  /// A position, with probability proportional to the weights.
  mutating func index(_ weights: [Double]) -> Int { stream.category(weights: weights) }
}
