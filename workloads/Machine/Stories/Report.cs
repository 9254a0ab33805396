using System.Globalization;
using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Workloads.Machine.Stories;

static class StoriesTables
{
    /// <summary>One line per part; its rate is of matrix products only, as the whole step's is.</summary>
    public static TitledTable Parts(StoriesRun run)
    {
        var table = new TextTable(
            1, "part", "forward ms", "backward ms", "of the step", "GFLOP", "GFLOP/s", "of the largest product", "first step ms");
        var flops = StoriesCount.FlopsByPart(run.Count);
        foreach (var part in StepParts.All)
        {
            var seconds = part.Passes().Select(pass => run.Median(part, pass)).ToList();
            var work = Enum.GetValues<Pass>().Sum(pass => flops.GetValueOrDefault((part, pass)));
            table.Row(
                part.Name(), Milliseconds(seconds[0]), seconds.Count > 1 ? Milliseconds(seconds[1]) : "",
                Units.Percent(seconds.Sum() / run.MedianStep),
                work > 0 ? Giga(work) : "", work > 0 ? Text(work / seconds.Sum() / 1e9, "0.0") : "",
                work > 0 ? Units.Percent(work / seconds.Sum() / run.PeakFlopsPerSecond) : "", Milliseconds(run.First(part)));
        }

        var rate = run.Count.Flops / run.MedianStep;
        table.Row(
            "unattributed", Milliseconds(run.MedianUnattributed), "", Units.Percent(run.MedianUnattributed / run.MedianStep),
            "", "", "", "");
        table.Row(
            "step", Milliseconds(run.MedianStep), "", "100 %", Giga(run.Count.Flops), Text(rate / 1e9, "0.0"),
            Units.Percent(rate / run.PeakFlopsPerSecond),
            Milliseconds(run.FirstStep));
        return new(
            $"{run.Size.Name}: medians of {run.Losses.Count - 1} steps after the first; "
            + $"the largest product reaches {run.PeakFlopsPerSecond / 1e9:0.0} GFLOP/s", table);
    }

    public static TitledTable Losses(StoriesRun run)
    {
        var table = new TextTable(0, "step", "mean loss");
        foreach (var (index, loss) in run.Losses.Index())
            table.Row($"{index + 1}", Text(loss, "0.0000"));
        return new(
            $"{run.Size.Name}: an even guess among {Units.Count(run.Size.Vocabulary)} tokens "
            + $"costs {Text(Math.Log(run.Size.Vocabulary), "0.0000")}", table);
    }

    public static TitledTable Sizes(IEnumerable<StoriesSize> sizes)
    {
        var table = new TextTable(
            1, "model", "width", "hidden", "layers", "heads", "KV heads", "vocabulary", "positions", "parameters",
            "forward MACs", "FLOP per step");
        foreach (var size in sizes)
        {
            var count = StoriesCount.Of(size);
            table.Row(
                size.Name, $"{size.Width}", $"{size.Hidden}", $"{size.Layers}", $"{size.Heads}", $"{size.KeyValueHeads}",
                $"{size.Vocabulary}", $"{size.Positions}", Units.Count(count.Parameters), Units.Count(count.ForwardMacs), Units.Count(count.Flops));
        }

        return new("The models: LLaMA's layers, a tied classifier, batch 1", table);
    }

    /// <summary>The original's sum and ours, product by product.</summary>
    public static TitledTable Accounting(OriginalAccounting original, StepCount ours)
    {
        var flops = StoriesCount.FlopsByPart(ours);
        var table = new TextTable(1, "GFLOP of one step", "original", "ours", "difference");
        Row("linear layers, forward", original.LinearForward, Of(Pass.Forward, StepPart.AttentionLinear, StepPart.Ffn));
        Row("linear layers, both gradients", 2 * original.LinearForward, Of(Pass.Backward, StepPart.AttentionLinear, StepPart.Ffn));
        Row(
            "attention, forward and backward", original.Attention,
            Of(Pass.Forward, StepPart.AttentionCore) + Of(Pass.Backward, StepPart.AttentionCore));
        Row("classifier, forward", original.ClassifierForward, Of(Pass.Forward, StepPart.Classifier));
        Row("classifier, both gradients", 2 * original.ClassifierForward, Of(Pass.Backward, StepPart.Classifier));
        Row("step", original.Total, ours.Flops);
        return new(
            "FLOP of the largest model by the original's accounting and by ours: "
            + "attention is two products forward and four backward, not five", table);

        long Of(Pass pass, params StepPart[] parts) => parts.Sum(part => flops[(part, pass)]);

        void Row(string what, long theirs, long own) => table.Row(what, Giga(theirs), Giga(own), Giga(own - theirs));
    }

    static string Milliseconds(double seconds) => Text(seconds * 1e3, "0.00");

    static string Giga(long flops) => Text(flops / 1e9, "0.000");

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

static class StoriesDrawings
{
    /// <summary>A step of each model, and the first one apart, divided into the parts that its time goes to.</summary>
    public static NamedDrawing Steps(IReadOnlyList<StoriesRun> runs) => new("step", new Bars(
        "Where the time of a training step goes",
        "Each bar is one step: forward and backward of every part together, medians of the steps after the first, and the first step.",
        [
            .. runs.SelectMany(run => new[]
            {
                Step($"{run.Size.Name}, a step", run.MedianStep, run.Median, run.MedianUnattributed),
                Step($"{run.Size.Name}, the first step", run.FirstStep, run.First, run.FirstUnattributed),
            }),
        ]));

    static Bar Step(string name, double seconds, Func<StepPart, double> part, double unattributed) => new(
        name, Units.Seconds(seconds),
        [.. StepParts.All.Select(one => new BarPart(one.Name(), part(one))), new BarPart(StoriesPoints.Unattributed, unattributed)]);
}

/// <summary>The original's two training runs on one Apple M4 Max (2026-03-03), with what follows from their times.</summary>
static class OriginalSteps
{
    const double PeakTera = 15.8;

    // What the report prints next to each time.
    static readonly (string Path, double Milliseconds, bool Classifier, double Sustained, double Total, double Percent)[] Runs =
    [
        ("classifier on the processor", 72.4, false, 1.29, 2.41, 8.1),
        ("classifier on the accelerator", 62.9, true, 1.68, 2.77, 10.6),
    ];

    // Milliseconds of the second run; only forward pass and loss have timers.
    static readonly (string Name, double Least, double Most, string Ours)[] Buckets =
    [
        ("ane", 10, 12, "attention-linear, attention-core, ffn: forward"),
        ("elem", 12, 13, "embedding, residual sums, softmax, loss: forward"),
        ("cls", 5, 6, "classifier"), ("io", 3, 5, "none: nothing is copied between memories"),
        ("rms", 0.1, 0.1, "norm: the last one, forward"),
        ("cblas_wait", 0, 0, "none: weight gradients are not asynchronous"),
    ];

    public static OriginalAccounting Accounting(StoriesSize size) =>
        new(size.Width, size.Hidden, size.Layers, size.Heads, size.Vocabulary, size.Positions);

    /// <summary>How far the printed rates are from what follows from the printed times, in their own unit.</summary>
    public static double LargestRateError(OriginalAccounting flops) => Runs.Max(run => Math.Max(
        Math.Abs(Rate(Accelerated(run.Classifier, flops), run.Milliseconds) - run.Sustained),
        Math.Abs(Rate(flops.Total, run.Milliseconds) - run.Total)));

    public static TitledTable Rates(OriginalAccounting flops)
    {
        var table = new TextTable(
            1, "run", "ms/step", "GFLOP accelerator", "TFLOP/s", "printed", "GFLOP in all", "TFLOP/s", "printed", "of 15.8", "printed");
        foreach (var run in Runs)
        {
            var accelerated = Accelerated(run.Classifier, flops);
            table.Row(
                run.Path, Text(run.Milliseconds, "0.0"), Giga(accelerated), Text(Rate(accelerated, run.Milliseconds)),
                Text(run.Sustained, "0.00"),
                Giga(flops.Total), Text(Rate(flops.Total, run.Milliseconds)), Text(run.Total, "0.00"),
                Text(100 * Rate(accelerated, run.Milliseconds) / PeakTera, "0.00") + " %", Text(run.Percent, "0.0") + " %");
        }

        return new(
            "The original's steps (half precision, an accelerator and a processor), recomputed; its time leaves the optimizer out", table);
    }

    public static TitledTable Breakdown()
    {
        var step = Runs[^1].Milliseconds;
        var table = new TextTable(2, "original bucket", "ours", "ms", "share of 62.9 ms");
        foreach (var (name, least, most, ours) in Buckets)
            table.Row(name, ours, Range(least, most, "0.0"), Range(100 * least / step, 100 * most / step, "0.0") + " %");
        var (sumLeast, sumMost) = (Buckets.Sum(row => row.Least), Buckets.Sum(row => row.Most));
        table.Row(
            "(in no bucket)", "every backward pass", Range(step - sumMost, step - sumLeast, "0.0"),
            Range(100 - 100 * sumMost / step, 100 - 100 * sumLeast / step, "0.0") + " %");
        return new("The original's buckets: forward pass and loss only, so they leave about half of the step unexplained", table);
    }

    static long Accelerated(bool classifier, OriginalAccounting flops) => classifier ? flops.OnAcceleratorWithClassifier : flops.OnAccelerator;

    static double Rate(long flops, double milliseconds) => flops / milliseconds / 1e9;

    static string Giga(long flops) => Text(flops / 1e9);

    static string Range(double least, double most, string format) =>
        least == most ? Text(least, format) : $"{Text(least, format)}-{Text(most, format)}";

    static string Text(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>FLOPs of a LLaMA-style training step as the original's accelerator report adds them up. For comparison only.</summary>
/// <remarks>Its attention is five products per head for both directions; scores and values need two forwards and four backwards.</remarks>
sealed record OriginalAccounting(long Width, long Hidden, int Layers, int Heads, long Vocabulary, long Positions)
{
    const int AttentionProducts = 5;

    /// <summary>Queries, keys, values and output; gate, up and down. Both gradients cost the same each.</summary>
    public long LinearForward => Layers * (8 * Width * Width + 6 * Width * Hidden) * Positions;

    public long Attention => 2L * Layers * Heads * AttentionProducts * Positions * Positions * (Width / Heads);

    /// <summary>Both gradients cost the same each.</summary>
    public long ClassifierForward => 2 * Vocabulary * Width * Positions;

    public long Total => 3 * LinearForward + Attention + 3 * ClassifierForward;

    /// <summary>What runs on the accelerator: weight gradients and the classifier do not.</summary>
    public long OnAccelerator => 2 * LinearForward + Attention;

    public long OnAcceleratorWithClassifier => OnAccelerator + ClassifierForward;
}
