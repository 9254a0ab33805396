using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Peaks;

public enum PeakKind
{
    Gemm,
    GemmBf16,
    GemmInt8,
    Fma,
    FmaTile,
    Triad,
    Copy,
    Read,
    Update,
    FirstTouch,
    AllocatedAgain,
    Refilled,
    SmallAllocation,
    EmptyOperator,
}

/// <summary>The repeats of one probe.</summary>
/// <param name="Level">Memory level that a bandwidth probe stays in: L1, L2, LLC, memory. Empty for the others.</param>
/// <param name="Size">Rows of a square matrix product, bytes of a working set or a tensor, or bits of a vector.</param>
/// <param name="Unit">FLOP/s, B/s or s.</param>
/// <param name="Convention">What exactly is counted.</param>
public sealed record PeakSeries(
    PeakKind Kind, string Level, int Threads, long Size, string Unit, string Convention, IReadOnlyList<double> Samples)
{
    public const string Flops = "FLOP/s";
    public const string Bytes = "B/s";
    public const string Seconds = "s";

    /// <summary>The roof: nothing that was repeated was faster.</summary>
    public double Best => Unit == Seconds ? Samples.Min() : Samples.Max();

    public double Median => Statistics.Median(Samples);

    [JsonIgnore]
    public bool IsTime => Unit == Seconds;
}
