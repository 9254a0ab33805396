using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Doctor;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Compare;
using static System.FormattableString;

namespace MlPerfEdu.Workloads.Cli.Report;

/// <summary>Steps beside those of their twins.</summary>
sealed class PyTorchReport(string cpu, TorchFacts torch, IReadOnlyList<Comparison> comparisons)
{
    static readonly string[] Headings = ["workload", "batch", "step", "PyTorch's", "steps/s", "PyTorch's", "ratio", "95 % interval"];

    public string Markdown()
    {
        if (comparisons.Count == 0)
            return "Nothing was compared.\n";
        var table = new TextTable(1, Headings);
        foreach (var comparison in comparisons)
            table.Row(Cells(comparison));
        return SafeText.Lines(
            $"{Circumstances()}\n\n{table}\nMedians of turns that alternate; the ratio is PyTorch's step over ours, taken turn by turn.\n");
    }

    public void Draw(Screen screen, bool? written)
    {
        if (comparisons.Count == 0)
        {
            screen.Line("Nothing was compared.");
            return;
        }

        var grid = new Grid([Headings[0], .. Headings.Skip(1).Select(heading => $">{heading}")]);
        foreach (var comparison in comparisons)
            grid.Add([.. Cells(comparison).Select(Cell.FromString)]);
        screen.Line(Circumstances());
        screen.Table(grid);
        if (written is { } changed)
            screen.Line(changed ? "README.md has the new table." : "README.md has this table already.");
    }

    /// <summary>The form in JSON, with every turn.</summary>
    public static object Row(Comparison comparison) => new
    {
        comparison.Id,
        comparison.Batch,
        comparison.StepsPerTurn,
        OurSeconds = comparison.OurStep,
        PytorchSeconds = comparison.TwinStep,
        comparison.Ratio,
        RatioLow = comparison.RatioInterval.Low,
        RatioHigh = comparison.RatioInterval.High,
        PytorchVersion = comparison.Twin.Torch,
        PytorchBlas = comparison.Twin.Blas,
        OurTurns = comparison.Ours,
        PytorchTurns = comparison.Twins,
    };

    string Circumstances()
    {
        var versions = string.Join(", ", comparisons.Select(comparison => comparison.Twin.Torch).Distinct());
        var blas = comparisons.Select(comparison => Path.GetFileName(comparison.Twin.Blas)).Distinct().ToArray() is [{ Length: > 0 } one] ? $" with {one}" : "";
        return $"PyTorch {versions}{blas} eager, against libtorch {torch.Libtorch} through TorchSharp {torch.TorchSharp}; {cpu}, {torch.Threads} thread{(torch.Threads == 1 ? "" : "s")}.";
    }

    static string[] Cells(Comparison comparison) =>
    [
        comparison.Id,
        Invariant($"{comparison.Batch}"),
        Units.Seconds(comparison.OurStep),
        Units.Seconds(comparison.TwinStep),
        Rate(comparison.OurStep),
        Rate(comparison.TwinStep),
        Units.Ratio(comparison.Ratio),
        Invariant($"{comparison.RatioInterval.Low:0.00} to {comparison.RatioInterval.High:0.00}"),
    ];

    static string Rate(double seconds) => seconds <= 0.01 ? Invariant($"{1 / seconds:0}") : Invariant($"{1 / seconds:0.0}");
}
