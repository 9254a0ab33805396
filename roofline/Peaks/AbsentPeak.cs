namespace MlPerfEdu.Roofline.Peaks;

/// <summary>A probe that this machine's libtorch has no kernel for.</summary>
/// <param name="Reason">In libtorch's words.</param>
public sealed record AbsentPeak(PeakKind Kind, string Reason);
