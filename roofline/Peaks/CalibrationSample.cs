namespace MlPerfEdu.Roofline.Peaks;

/// <summary>One short round of the calibration kernels.</summary>
/// <param name="GemmFlops">FLOP/s of a few square matrix products.</param>
/// <param name="MemoryTriadBytes">byte/s of a triad far larger than the last-level cache.</param>
/// <param name="CacheTriadBytes">byte/s of a triad that fits half of it.</param>
/// <param name="EmptyOperatorSeconds">Time of one operator on almost no data.</param>
public sealed record CalibrationSample(
    double GemmFlops, double MemoryTriadBytes, double CacheTriadBytes, double EmptyOperatorSeconds);
