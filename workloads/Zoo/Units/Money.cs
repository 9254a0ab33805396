namespace MlPerfEdu.Zoo;

/// <summary>US dollars.</summary>
public readonly record struct Money(double Value);
