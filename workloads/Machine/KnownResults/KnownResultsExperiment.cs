using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Report;
using static MlPerfEdu.Workloads.Machine.KnownResults.KnownResult;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>A table of small checks with known results: does each still pass or fail as expected?</summary>
[Workload("known-results")]
public sealed class KnownResultsExperiment(ExperimentSetup setup) : IExperiment
{
    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var sizes = CheckSizes.Of(setup.Geometry);
        var points = new List<MeasuredPoint>();
        foreach (var (index, known) in KnownResultsTable.All.Index())
        {
            stop.ThrowIfCancellationRequested();
            progress.Report("checks", (double)index / KnownResultsTable.All.Count, known.Name);
            points.AddRange(known.Measure(sizes, known.Name));
        }
        return points;
    }

    public Findings Derive(IReadOnlyList<MeasuredPoint> points) => KnownResultsFindings.Of(KnownResultsTable.All, points);
}

enum Expectation { Pass, ExpectedFail, Informational }

/// <param name="Tolerance">An error up to here passes; null for informational lines.</param>
/// <param name="Measure">The points for the evidence: one with the error, or the informational ones.</param>
sealed record KnownResult(
    string Name, Expectation Expectation, double? Tolerance, string Reason, Func<CheckSizes, string, IReadOnlyList<MeasuredPoint>> Measure)
{
    public string Metric => Name.Replace('-', '_');

    /// <summary>Whether an error contradicts the expectation; NaN always does.</summary>
    public bool Flips(double error) => Expectation switch
    {
        Expectation.Pass => !(error <= Tolerance),
        Expectation.ExpectedFail => !(error > Tolerance && double.IsFinite(error)),
        _ => false,
    };

    public static KnownResult Passes(string name, double tolerance, Func<CheckSizes, double> error, string reason) =>
        new(name, Expectation.Pass, tolerance, reason, Single(error));

    public static KnownResult Fails(string name, double tolerance, Func<CheckSizes, double> error, string reason) =>
        new(name, Expectation.ExpectedFail, tolerance, reason, Single(error));

    public static KnownResult Informs(string name, Func<CheckSizes, string, IReadOnlyList<MeasuredPoint>> measure, string reason) =>
        new(name, Expectation.Informational, null, reason, measure);

    static Func<CheckSizes, string, IReadOnlyList<MeasuredPoint>> Single(Func<CheckSizes, double> error) =>
        (sizes, name) => [new MeasuredPoint(name, new Dictionary<string, double>(), "error", [error(sizes)])];
}

/// <param name="Small">Rows and width for finite differences, which perturb each number by itself.</param>
/// <param name="Product">Rows, columns and inner size of the products.</param>
sealed record CheckSizes(int Positions, int Width, int Vocabulary, IReadOnlyList<int> Small, int Product, int Samples)
{
    public static CheckSizes Of(Geometry geometry) => new(
        geometry.Int("positions"), geometry.Int("width"), geometry.Int("vocabulary"), geometry.Ints("small"), geometry.Int("product"),
        geometry.Int("samples"));
}

static class KnownResultsFindings
{
    public static Findings Of(IReadOnlyList<KnownResult> table, IReadOnlyList<MeasuredPoint> points)
    {
        var asked = table
            .Where(known => known.Expectation != Expectation.Informational)
            .Select(known => (Known: known, Error: ErrorOf(known, points)))
            .ToList();
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["checked"] = asked.Count,
            ["flipped"] = asked.Count(row => row.Known.Flips(row.Error)),
        };
        foreach (var (known, error) in asked) metrics[known.Metric] = error;

        var full = new TextTable(3, "check", "expectation", "verdict", "error", "tolerance");
        var portable = new TextTable(4, "check", "expectation", "verdict", "reason", "tolerance");
        foreach (var (known, error) in asked)
        {
            var verdict = known.Flips(error) ? "FLIPPED" : "as expected";
            full.Row(known.Name, Text(known.Expectation), verdict, Text(error), Text(known.Tolerance!.Value));
            portable.Row(known.Name, Text(known.Expectation), verdict, known.Reason, Text(known.Tolerance!.Value));
        }
        foreach (var known in table.Where(known => known.Expectation == Expectation.Informational))
            portable.Row(known.Name, Text(known.Expectation), "", known.Reason, "");
        return new Findings(
            metrics, [new("What is known, and what was found", full), Informed(table, points), new("Why", portable)],
            $"known-results\n\n{portable}")
        {
            Compared = [.. asked.Select(row => Compared(row.Known, row.Error))],
        };
    }

    static KnownFinding Compared(KnownResult known, double error) => new(
        known.Name, !known.Flips(error), error,
        $"error {Text(error)} {(known.Expectation == Expectation.Pass ? "to pass" : "to fail")} {Text(known.Tolerance!.Value)}");

    // A check that was not measured is NaN, and flips.
    static double ErrorOf(KnownResult known, IReadOnlyList<MeasuredPoint> points) =>
        points.SingleOrDefault(point => point.Name == known.Name)?.Samples[0] ?? double.NaN;

    static TitledTable Informed(IReadOnlyList<KnownResult> table, IReadOnlyList<MeasuredPoint> points)
    {
        var informed = new TextTable(3, "for information", "setting", "found", "of the fastest");
        foreach (var known in table.Where(known => known.Expectation == Expectation.Informational))
        {
            var found = points.Where(point => point.Name == known.Name).ToList();
            if (found.Count == 0)
                informed.Row(known.Name, "", "unavailable: this system cannot say", "");
            foreach (var point in found)
            {
                if (point.Unit != "seconds")
                    informed.Row(known.Name, "", HardwareCounters.Say(point), "");
                else
                    informed.Row(
                        known.Name, Setting(point), Units.Seconds(Statistics.Median(point.Samples)), Units.Ratio(Relative(point, found)));
            }
        }
        return new("Medians of what is only worth knowing", informed);
    }

    static double Relative(MeasuredPoint point, IEnumerable<MeasuredPoint> all) =>
        Statistics.Median(point.Samples) / all.Min(other => Statistics.Median(other.Samples));

    static string Setting(MeasuredPoint point) => string.Join(", ", point.At.Select(pair => $"{pair.Key} {pair.Value}"));

    static string Text(Expectation expectation) => expectation switch
    {
        Expectation.Pass => "pass",
        Expectation.ExpectedFail => "expected fail",
        _ => "informational",
    };

    static string Text(double value) => $"{value:0.0e+0}";
}

/// <summary>What is known to hold, to fail, or to be worth knowing. An error is relative unless its reason says otherwise.</summary>
static class KnownResultsTable
{
    // Rounding of a sum grows with the root of its length.
    const double Fp32 = 1e-6;

    public static IReadOnlyList<KnownResult> All { get; } =
    [
        Passes("rmsnorm-backward-autograd", 1e-6, NormChecks.AgainstAutograd, "r(w dy - xc) in double precision is what autograd finds"),
        Passes("rmsnorm-backward-finite-differences", 1e-6, NormChecks.AgainstDifferences, "and what nudging each input finds"),
        Passes("rmsnorm-weight-finite-differences", 1e-6, NormChecks.WeightAgainstDifferences, "the weight's gradient, nudged alike"),
        Fails("rmsnorm-original-formula", 1e-6, NormChecks.Original, "the original's wr(dy - xc) is wrong where the weight is not 1"),
        Passes("rmsnorm-original-formula-weight-one", 1e-6, NormChecks.OriginalWithWeightOne,
            "with a weight of 1 it is right, so nobody noticed"),
        Passes("rmsnorm-backward-fp32", 1e-5, NormChecks.SinglePrecision, "single precision against double, at the original's size"),
        Passes("classifier-forward", 50 * Fp32, ClassifierChecks.Forward, "logits against double precision"),
        Fails("classifier-forward-zeros", 50 * Fp32, ClassifierChecks.ForwardOfZeros, "zeros instead of logits do not pass this bound"),
        Passes("classifier-forward-zeros-original-bound", 1, ClassifierChecks.ZerosUnderOriginalBound,
            "they pass the original's, an absolute error of 1"),
        Passes("classifier-backward", 200 * Fp32, ClassifierChecks.Backward,
            "gradients, sums over the whole vocabulary, against double precision"),
        Fails("classifier-backward-zeros", 200 * Fp32, ClassifierChecks.BackwardOfZeros, "zeros instead of gradients do not pass"),
        Passes("softmax-row-sums", 1e-5, ClassifierChecks.SoftmaxRowSums, "absolute: each row of probabilities adds up to 1"),
        Passes("softmax-relative-error", 1e-4, ClassifierChecks.SoftmaxError,
            "each probability against double precision, however small it is"),
        Passes("weights-seen-by-next-forward", 1e-5, WeightChecks.Written,
            "products read weights when they run: thrice the weights, thrice the result"),
        Fails("weights-seen-by-frozen-copy", 1e-5, WeightChecks.Frozen,
            "what was copied before keeps its weights, as a compiled model does"),
        Passes("product-fp32", 20 * Fp32, ProductChecks.SinglePrecision, "against double precision"),
        Passes("product-bf16", 1, ProductChecks.BrainFloatOfBound,
            "8 bits of mantissa, without AVX-512 of the sums too; in parts of the bound"),
        Fails("product-bf16-at-fp32-bound", 20 * Fp32, ProductChecks.BrainFloat, "8 bits of mantissa cannot pass for 24"),
        Informs("thread-count", SweepChecks.Threads, "seconds of one product by number of threads"),
        Informs("thread-priority", SweepChecks.Priorities, "seconds of one product by priority of its thread, lowest to highest"),
        Informs("thread-affinity", SweepChecks.Processors, "seconds of one product by the processor that its thread is bound to"),
        Informs("hardware-counters", HardwareCounters.Points, "whether a program may count processor cycles here"),
    ];
}
