/// An organisation whose truth is known.
public enum Simulation {}
