namespace MlPerfEdu.Zoo;

/// <summary>Joules.</summary>
public readonly record struct Energy(double Value);
