using MlPerfEdu.Workloads.Running;
using VerifyXunit;

namespace MlPerfEdu.Workloads.Tests;

/// <summary>What every generated test class of an experiment asserts.</summary>
public abstract class ExperimentTests(string id, ITestOutputHelper output)
{
    protected void Check(string metric, string place)
    {
        var run = Run();
        foreach (var check in run.Evidence.Checks.Where(check => check.Metric == metric))
        {
            output.WriteLine(check.ToString());
            Assert.True(check.Met, $"{place}: {id}: {check}. Evidence: {run.SidecarPath}");
        }
    }

    protected async Task CheckSnapshot()
    {
        var snapshot = Snapshots.Of(SharedRuns.Repository, SharedRuns.Experiment(id), Run().Findings.Portable);
        await Verifier.Verify(snapshot.Text).UseDirectory(snapshot.Folder).UseFileName(snapshot.Name);
    }

    ExperimentOutcome Run()
    {
        var run = SharedRuns.OfExperiment(id);
        foreach (var (title, table) in run.Findings.Tables)
            output.WriteLine($"{title}\n{table}");
        output.WriteLine($"Evidence: {run.SidecarPath}");
        return run;
    }
}
