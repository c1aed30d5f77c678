/// Draws an assessment for people and programs.
public enum Reporting {}
