namespace MlPerfEdu.Zoo;

/// <summary>FLOP per byte.</summary>
public readonly record struct Intensity(double Value);
