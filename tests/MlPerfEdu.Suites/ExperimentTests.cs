using MlPerfEdu.Workloads.Tests;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using VerifyXunit;

namespace MlPerfEdu.Suites;

/// <summary>What every generated test class of an experiment asserts.</summary>
public abstract class ExperimentTests(string id, ITestOutputHelper output)
{
    protected void Check(string metric, string place)
    {
        if (Run() is not { } run)
            return;
        foreach (var check in run.Evidence.Checks.Where(check => check.Metric == metric))
        {
            output.WriteLine(check.ToString());
            Assert.True(check.Met, $"{place}: {id}: {check}. Evidence: {run.SidecarPath}");
        }
    }

    protected void CheckMemory(string place)
    {
        if (Run() is not { Evidence: var evidence } run)
            return;
        output.WriteLine($"Peak memory: {evidence.PeakMemoryFrom}. {evidence.Budget?.TooLong(evidence.Seconds)}");
        Assert.True(evidence.MemoryHolds, $"{place}: {id}: {evidence.Budget?.TooMuch(evidence.PeakMemoryBytes)}. Evidence: {run.SidecarPath}");
    }

    protected async Task CheckSnapshot()
    {
        if (Run() is not { } run)
            return;
        var snapshot = Snapshots.Of(ThisClone.Repository, ThisClone.Experiment(id), run.Findings.Portable);
        await Verifier.Verify(snapshot.Text).UseDirectory(snapshot.Folder).UseFileName(snapshot.Name);
    }

    /// <summary>Null where it cannot be asked.</summary>
    ExperimentOutcome? Run()
    {
        if (SharedRuns.WhyNot(id) is { } reason)
        {
            output.WriteLine($"Skipped: {reason}.");
            return null;
        }

        var run = SharedRuns.OfExperiment(id);
        foreach (var (title, table) in run.Findings.Tables)
            output.WriteLine($"{title}\n{table}");
        output.WriteLine($"Evidence: {run.SidecarPath}");
        return run;
    }
}
