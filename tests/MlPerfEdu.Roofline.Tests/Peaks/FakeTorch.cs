using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Peaks;

/// <summary>Products at 100 GFLOP/s, operators at 1 µs, in no time at all.</summary>
sealed class FakeTorch : ITorchProbe
{
    public string Backend { get; init; } = "imaginary torch";

    public int Threads { get; set; } = 2;

    /// <summary>Every thread count that was asked for.</summary>
    public List<int> Used { get; } = [];

    public string? Without { get; init; }

    public double FlopsPerSecond { get; init; } = Sample.Compute;

    public void UseThreads(int threads)
    {
        Used.Add(threads);
        Threads = threads;
    }

    public string? Missing(PeakKind type) => type == PeakKind.GemmInt8 ? Without : null;

    public double GemmSeconds(int size, PeakKind type = PeakKind.Gemm) => 2.0 * size * size * size / FlopsPerSecond;

    public double EmptyOperatorSeconds() => Sample.EmptyOperator;

    public IReadOnlyList<double> FirstTouchSeconds(long bytes, int tensors) => [.. Enumerable.Repeat(bytes / 1e9, tensors)];

    public double AllocatedAgainSeconds(long bytes) => bytes / 2e9;

    public double RefillSeconds(long bytes) => bytes / 3e9;

    public double SmallAllocationSeconds() => Sample.EmptyOperator / 2;
}
