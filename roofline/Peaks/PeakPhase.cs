namespace MlPerfEdu.Roofline.Peaks;

/// <summary>How long a part of measuring the peaks took.</summary>
public sealed record PeakPhase(string Name, double Seconds);
