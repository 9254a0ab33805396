using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Tests.Classify;
using MlPerfEdu.Roofline.Torch;
using TorchSharp;

namespace MlPerfEdu.Roofline.Tests.Compare;

/// <summary>Pairs of real measurements beside a process that comes and goes: minutes, so only on request.</summary>
public class RealNoiseTests(ITestOutputHelper output)
{
    const string Switch = "MLPERFEDU_LONG_TESTS";
    const int Pairs = 50;
    const int Repeats = 10;
    const int SlowerRepeats = 13;

    static readonly SamplingPlan Plan = new() { RoundSeconds = 0.02, BudgetSeconds = 0.8 };

    [Fact]
    public void Real_pairs_are_told_apart_from_noise()
    {
        if (Environment.GetEnvironmentVariable(Switch) != "1")
        {
            output.WriteLine($"Not run: {2 * 2 * Pairs} measurements take minutes and an otherwise free core; set {Switch}=1 to run them.");
            return;
        }

        // One thread: what a product of several does beside a neighbour depends on how BLAS waits, not on the comparison.
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        using var calibrator = new QuickCalibrator(MlPerfEdu.Roofline.Detect.Machine.Facts());
        var peaks = calibrator.Peaks();
        using var load = new RandomLoad();
        var same = Compare("identical", Repeats);
        var slower = Compare("slower", SlowerRepeats);
        torch.set_num_threads(threads);

        Assert.InRange(same.Count(pair => pair.Verdict is StepTimeVerdict.Slower or StepTimeVerdict.Faster), 0, 1);
        Assert.InRange(slower.Count(pair => pair.Verdict == StepTimeVerdict.Slower), 48, Pairs);

        StepTimeComparison[] Compare(string name, int repeats)
        {
            StepTimeComparison[] compared =
                [.. Enumerable.Range(0, Pairs).Select(_ => StepTimeComparison.Of(Measured(Repeats), Measured(repeats)))];
            var verdicts = compared.GroupBy(pair => pair.Verdict).Select(group => $"{group.Key} {group.Count()}");
            output.WriteLine($"{name}: {string.Join(", ", verdicts)}; "
                + $"factors {compared.Min(pair => pair.Factor):0.000} to {compared.Max(pair => pair.Factor):0.000}; "
                + $"widest interval {compared.Max(pair => pair.Ratio!.Value.High / pair.Ratio.Value.Low):0.00}x");
            return compared;
        }

        EvidenceRecord Measured(int repeats)
        {
            var meter = new RegimeMeter(peaks, calibrator, new TorchRecorder(), new SystemClock(), Thresholds.Usual, Plan);
            var measured = meter.Measure(new ProductStep(repeats));
            var (count, measurement, regimes) = measured;
            return Sample.Evidence() with { Count = count, Measurement = measurement, Peaks = peaks, Regimes = regimes };
        }
    }
}
