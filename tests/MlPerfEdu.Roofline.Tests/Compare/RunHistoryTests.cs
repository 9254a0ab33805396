using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Tests.Compare;

/// <summary>Histories with the noise of real samples: blocks of the rounds of committed runs, put together anew.</summary>
public class RunHistoryTests(ITestOutputHelper output)
{
    const int Runs = 30;
    const int Block = 4;
    const double Slowdown = 1.25;

    public static TheoryData<string> Sidecars => [.. EvidenceFolder().Select(Path.GetFileName)!];

    [Theory]
    [MemberData(nameof(Sidecars))]
    public void Thirty_runs_of_the_same_are_not_flagged_and_a_slower_one_is_within_two(string sidecar)
    {
        var original = EvidenceFile.Read(EvidenceFolder().Single(path => Path.GetFileName(path) == sidecar));
        var random = new Random(1);
        EvidenceRecord[] same = [.. Enumerable.Range(0, Runs).Select(run => Resampled(original, random, run, 1))];
        EvidenceRecord[] slower = [.. same, .. Enumerable.Range(Runs, 2).Select(run => Resampled(original, random, run, Slowdown))];

        var history = RunHistory.Of(slower);
        output.WriteLine($"fence at {history[Runs].Fence / history[Runs / 2].Median:0.000} of a usual run");

        Assert.DoesNotContain(history.Take(Runs), run => run.Slower);
        Assert.Contains(history.Skip(Runs), run => run.Slower);
    }

    [Fact]
    public void A_short_history_flags_nothing()
    {
        var run = Sample.Evidence();
        var history = RunHistory.Of([.. Enumerable.Repeat(run, RunHistory.FewestRuns - 1), run with { Measurement = Sample.Measurement(0.4), MeasuredAt = "2099-01-01T00-00-00Z" }]);

        Assert.All(history, each => Assert.False(each.Slower));
        Assert.Null(history[^1].Fence);
    }

    [Fact]
    public void A_slower_machine_is_not_a_slower_step()
    {
        var run = Sample.Evidence();
        // Its calibration is slower by as much as the step.
        var (slow, machine) = (Sample.Measurement(0.05), Sample.Measurement(0.04, slowness: 1.25));

        Assert.True(Last(slow).Slower);
        Assert.False(Last(machine).Slower);

        HistoryRun Last(StepMeasurement measurement) => RunHistory.Of(
            [.. Enumerable.Repeat(run, RunHistory.FewestRuns), run with { Measurement = measurement, MeasuredAt = "2099-01-01T00-00-00Z" }])[^1];
    }

    /// <summary>Another run with the same noise: neighbouring rounds stay together, because what disturbs one disturbs the next.</summary>
    static EvidenceRecord Resampled(EvidenceRecord original, Random random, int run, double factor)
    {
        var rounds = original.Measurement.Rounds;
        SampleRound[] drawn = [.. Enumerable.Range(0, (rounds.Count + Block - 1) / Block)
            .SelectMany(_ => { var start = random.Next(rounds.Count - Block + 1); return rounds.Skip(start).Take(Block); }).Take(rounds.Count)];
        return original with
        {
            MeasuredAt = $"2026-01-{run / 24 + 1:00}T{run % 24:00}-00-00Z",
            Measurement = original.Measurement with
            {
                Rounds = [.. drawn.Select(round => round with { StepSeconds = [.. round.StepSeconds.Select(step => factor * step)] })],
            },
        };
    }

    static IEnumerable<string> EvidenceFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MlPerfEdu.sln")))
            folder = folder.Parent!;
        return Directory.EnumerateFiles(Path.Combine(folder.FullName, "roofline", "evidence"), "*.json", SearchOption.AllDirectories)
            .Where(path => !ExperimentVerifier.IsExperiment(path));
    }
}
