using MlPerfEdu.Workloads.Tests;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;
using VerifyXunit;

namespace MlPerfEdu.Suites;

/// <summary>What every generated test class of a training asserts; the class adds names, traits and the lines of workloads.yaml.</summary>
public abstract class WorkloadTests(string id, ITestOutputHelper output) : ModelTests(id, output)
{
    protected void CheckQuality(string place) => CheckMetrics(place, _ => true);
}

/// <summary>What every generated test class of a model that answers queries asserts.</summary>
public abstract class InferenceTests(string id, ITestOutputHelper output) : ModelTests(id, output)
{
    protected void Check(string metric, string place) => CheckMetrics(place, check => check.Metric == metric);
}

/// <summary>What both have in common.</summary>
public abstract class ModelTests(string id, ITestOutputHelper output)
{
    private protected void CheckMetrics(string place, Func<QualityCheck, bool> condition)
    {
        var run = Run();
        var quality = run.Evidence.Quality;
        foreach (var check in quality.Constraints.Prepend(quality.Target).Where(condition))
        {
            output.WriteLine(check.ToString());
            Assert.True(check.Met, $"{place}: {id} on {run.Evidence.Data.Dataset}: {check}. Evidence: {run.SidecarPath}");
        }
    }

    protected void CheckRegime(string axis)
    {
        var run = Run();
        var comparison = RegimeExpectations.Compare(ThisClone.Repository, ThisClone.Model(id), run.Evidence)
            .Single(of => of.Key.Name() == axis).Value;
        output.WriteLine(comparison.Message);
        Assert.False(comparison.Fails, $"{id}: {comparison.Message} Evidence: {run.SidecarPath}");
    }

    protected void CheckInvariants()
    {
        var run = Run();
        // These have tests of their own.
        var (quality, memory) = (QualityValidity.Lines(run.Evidence.Quality), BudgetValidity.Lines(run.Evidence.Cost));
        foreach (var line in run.Evidence.Validity.Except(quality).Except(memory))
        {
            output.WriteLine(line.ToString());
            // A slow machine makes a run under load invalid, and no test fail.
            Assert.True(line.Met || LoadValidity.IsAboutSpeed(line), $"{id}: {line}. Evidence: {run.SidecarPath}");
        }
        foreach (var unread in run.UnreadSizes) output.WriteLine(unread);
    }

    protected void CheckMemory(string place)
    {
        var run = Run();
        var cost = run.Evidence.Cost;
        output.WriteLine($"Peak memory: {cost.PeakMemoryFrom}. {cost.Budget?.TooLong(cost.TrainSeconds)}");
        // Of a system that does not say how much memory a process has, there is nothing to assert.
        foreach (var line in BudgetValidity.Lines(cost))
            Assert.True(line.Met, $"{place}: {id}: {line}. Evidence: {run.SidecarPath}");
    }

    protected async Task CheckSnapshot()
    {
        var run = Run();
        foreach (var snapshot in Snapshots.Of(ThisClone.Repository, ThisClone.Model(id), run.Evidence))
            await Verifier.Verify(snapshot.Text).UseDirectory(snapshot.Folder).UseFileName(snapshot.Name);
    }

    RunOutcome Run()
    {
        var run = SharedRuns.Of(id);
        foreach (var reason in run.PassedOver) output.WriteLine($"Data not at hand: {reason}");
        output.WriteLine($"Evidence: {run.SidecarPath}");
        return run;
    }
}
