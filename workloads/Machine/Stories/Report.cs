using System.Globalization;
using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Report.Plots;
using MlPerfEdu.Roofline.Report;

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
