using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Peaks;

/// <summary>Products at 100 GFLOP/s, operators at 1 µs, in no time at all.</summary>
sealed class FakeTorch : ITorchProbe
{
    public string Backend { get; init; } = "imaginary torch";

    public int Threads { get; init; } = 2;

    public double FlopsPerSecond { get; init; } = Sample.Compute;

    public double GemmSeconds(int size) => 2.0 * size * size * size / FlopsPerSecond;

    public double EmptyOperatorSeconds() => Sample.EmptyOperator;
}
