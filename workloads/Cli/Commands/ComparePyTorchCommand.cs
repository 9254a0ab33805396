using MlPerfEdu.Engine.Compare;

namespace MlPerfEdu.Cli.Commands;

sealed class ComparePyTorchCommand() : CompareCommand(
    ReadmeTable.PyTorch, "Time each workload's step against the same step in plain PyTorch, in alternating turns on the same threads and BLAS.",
    "a twin.py",
    new("compare pytorch", "Every workload that has a PyTorch twin; do not use the machine meanwhile."),
    new("compare pytorch anomaly-ae-train --turns 51", "One of them, with a narrower confidence interval."))
{
    protected override (Peer Peer, CompareReport Report) Prepare(Invocation invocation)
    {
        var torch = invocation.Services.Torch();
        var python = PythonFinder.Find(invocation.Services.Variable, invocation.Stop);
        return (new PyTorchPeer(python, invocation.Repository, torch.Threads), new PyTorchReport(python, invocation.Facts.CpuModel, torch));
    }
}

sealed class PyTorchReport(string python, string cpu, TorchFacts torch) : CompareReport(cpu, torch)
{
    protected override string Theirs => "PyTorch's";

    protected override string TheirStep => "PyTorch's step";

    protected override string Sides
    {
        get
        {
            var versions = string.Join(", ", Comparisons.Select(comparison => comparison.Twin!.Torch).Distinct());
            var libraries = Comparisons.Select(comparison => Library(comparison.Twin!.Blas)).Distinct().ToArray();
            var blas = libraries is [{ Length: > 0 } one] ? $" with {one}" : "";
            return $"PyTorch {versions}{blas} eager, against libtorch {Torch.Libtorch} through TorchSharp {Torch.TorchSharp}";
        }
    }

    // With its folder: Debian's alternatives are all called libblas.so.3, and openblas-openmp/ or blas/ tells them apart.
    static string? Library(string? blas) => blas is null ? null : string.Join('/', blas.Split('/', '\\').TakeLast(2));

    public override object Document(IReadOnlyDictionary<string, ErrorResult> errors, bool? written) => new
    {
        Python = python, Torch.Threads, Torch.Libtorch, Comparisons = Comparisons.Select(Row), Errors = errors, ReadmeChanged = written,
    };

    static object Row(Comparison comparison) => new
    {
        comparison.Id, comparison.Batch, comparison.StepsPerTurn, OurSeconds = comparison.OurStep,
        PytorchSeconds = comparison.TheirStep, comparison.Ratio, RatioLow = comparison.RatioInterval.Low,
        RatioHigh = comparison.RatioInterval.High, PytorchVersion = comparison.Twin!.Torch,
        PytorchBlas = comparison.Twin.Blas, OurTurns = comparison.Ours, PytorchTurns = comparison.Theirs,
    };
}
