using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Compare;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>Several comparisons after one another; one that fails does not stop the others.</summary>
sealed class ComparisonSeries(Session session, PyTorchBench bench, int turns)
{
    public List<Comparison> Comparisons { get; } = [];

    public SortedDictionary<string, ErrorResult> Errors { get; } = new(StringComparer.Ordinal);

    public ExitCode Exit => Errors.Count == 0 ? ExitCode.Ok : (ExitCode)Errors.Values.First().ExitCode;

    public void Run(IEnumerable<ModelEntry> entries)
    {
        foreach (var entry in entries)
        {
            try
            {
                Comparisons.Add(session.Track(entry.Id, progress => Compare(entry, progress)));
            }
#pragma warning disable CA1031 // Whatever stops one comparison must not stop the others; it is in the answer and the exit code.
            catch (Exception error) when (!session.Host.Stop.IsCancellationRequested)
#pragma warning restore CA1031
            {
                var failure = Failure.Of(error, session.Host.Stop);
                session.Log.Line($"error {failure.Code}: {entry.Id}: {failure.Message}", Tone.Bad);
                Errors[entry.Id] = failure.Result;
            }
        }
    }

    Comparison Compare(ModelEntry entry, IRunProgress progress)
    {
        var twin = session.Repository.TwinOf(entry.Id);
        if (!File.Exists(twin))
            throw CompareErrors.NoTwin(entry.Id, session.Repository.Relative(twin));
        progress.Report("data", 0, "");
        Circumstances.ReleaseUnusedMemory();
        using var ours = session.Host.Contestants(session.Repository, session.Catalog, entry, progress, session.Host.Stop);
        return bench.Compare(entry, ours, twin, turns, progress, session.Host.Stop);
    }
}
