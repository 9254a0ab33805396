namespace MlPerfEdu.Roofline.Peaks;

/// <param name="Fraction">Of the probes that are done, 0 to 1.</param>
public sealed record PeakProgress(string Probe, double Fraction);
