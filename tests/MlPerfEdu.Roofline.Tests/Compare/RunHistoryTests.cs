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

    [Fact]
    public void Thirty_runs_of_the_same_are_not_flagged_and_a_slower_one_is_within_two()
    {
        const int Histories = 10;
        var (flagged, found, all) = (0, 0, 0);
        foreach (var original in Committed())
        {
            var foundHere = 0;
            for (var seed = 0; seed < Histories; seed++)
            {
                var random = new Random(seed);
                EvidenceRecord[] same = [.. Enumerable.Range(0, Runs).Select(run => Resampled(original, random, run, 1))];
                var history = History([.. same, .. Enumerable.Range(Runs, 2).Select(run => Resampled(original, random, run, Slowdown))]);
                flagged += history.Take(Runs).Any(run => run.Slower) ? 1 : 0;
                foundHere += history.Skip(Runs).Any(run => run.Slower) ? 1 : 0;
            }
            output.WriteLine($"{original.Workload.Id}: slower one found in {foundHere} of {Histories}");
            found += foundHere;
            all += Histories;
        }
        output.WriteLine($"{all} histories of {Runs} runs: {flagged} false alarms, {found} slower ones found");

        // None was seen; a new baseline brings other noise.
        Assert.True(flagged <= all / 100, $"{flagged} of {all}");
        Assert.True(found >= 2 * all / 3, $"{found} of {all}");
    }

    [Theory]
    [InlineData(0.005)]
    [InlineData(0.02)]
    [InlineData(0.04)]
    public void A_slow_down_beyond_the_noise_is_found_when_it_comes_again(double noise)
    {
        var random = new Random(1);
        // One bad run among the others is no change.
        var history = History(Enumerable.Range(0, Runs + 3).Select(run => Noisy(run >= Runs || run == Runs / 2 ? Slowdown : 1, run)));

        Assert.Equal([Runs + 1, Runs + 2], history.Index().Where(run => run.Item.Slower).Select(run => run.Index));

        // Each run has a speed of its own, and every round another.
        EvidenceRecord Noisy(double factor, int run)
        {
            var speed = factor * (1 + noise * (random.NextDouble() - 0.5));
            return Sample.Evidence() with
            {
                MeasuredAt = Moment(run),
                Measurement = Sample.Measurement(0.04) with
                {
                    Rounds = [.. Enumerable.Range(0, 16).Select(_ => Sample.Round(0.04 * speed * (1 + noise * random.NextDouble())))],
                },
            };
        }
    }

    [Fact]
    public void A_short_history_flags_nothing()
    {
        var run = Sample.Evidence();
        var history = History([.. Enumerable.Repeat(run, RunHistory.FewestRuns - 1), run with { Measurement = Sample.Measurement(0.4), MeasuredAt = "2099-01-01T00-00-00Z" }]);

        Assert.All(history, each => Assert.False(each.Slower));
        Assert.Null(history[^1].Fence);
    }

    // Thousands of whole records would not fit into memory.
    [Fact]
    public void Only_a_run_beyond_the_fence_is_read_and_the_middle_one_before_it()
    {
        var (run, read) = (Sample.Evidence(), new List<string>());
        var slow = run with { Measurement = Sample.Measurement(0.4) };
        RunHistory.Of(Enumerable.Range(0, Runs + 1).Select(number => Point(number == Runs ? slow : run, Moment(number))));
        Assert.Equal([Moment(Runs / 2), Moment(Runs)], read);

        HistoryPoint Point(EvidenceRecord record, string at) => HistoryPoint.Of(record with { MeasuredAt = at }, () =>
        {
            read.Add(at);
            return record;
        })!;
    }

    [Fact]
    public void A_slower_machine_is_not_a_slower_step()
    {
        var run = Sample.Evidence();
        // Its calibration is slower by as much as the step.
        var (slow, machine) = (Sample.Measurement(0.05), Sample.Measurement(0.04, slowness: 1.25));

        Assert.True(Last(slow).Slower);
        Assert.False(Last(machine).Slower);

        HistoryRun Last(StepMeasurement measurement) => History(
        [
            .. Enumerable.Repeat(run, RunHistory.FewestRuns), run with { Measurement = measurement, MeasuredAt = "2099-01-01T00-00-00Z" },
            run with { Measurement = measurement, MeasuredAt = "2099-01-02T00-00-00Z" },
        ])[^1];
    }

    /// <summary>Another run with the same noise: neighbouring rounds stay together, because what disturbs one disturbs the next.</summary>
    static EvidenceRecord Resampled(EvidenceRecord original, Random random, int run, double factor)
    {
        var rounds = original.Measurement.Rounds;
        SampleRound[] drawn = [.. Enumerable.Range(0, (rounds.Count + Block - 1) / Block)
            .SelectMany(_ => { var start = random.Next(rounds.Count - Block + 1); return rounds.Skip(start).Take(Block); }).Take(rounds.Count)];
        return original with
        {
            MeasuredAt = Moment(run),
            Measurement = original.Measurement with
            {
                Rounds = [.. drawn.Select(round => round with { StepSeconds = [.. round.StepSeconds.Select(step => factor * step)] })],
            },
        };
    }

    static IReadOnlyList<HistoryRun> History(IEnumerable<EvidenceRecord> records) => RunHistory.Of(records.Select(record => HistoryPoint.Of(record, () => record)!));

    static string Moment(int run) => $"2026-01-{run / 24 + 1:00}T{run % 24:00}-00-00Z";

    static IEnumerable<EvidenceRecord> Committed()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MlPerfEdu.sln")))
            folder = folder.Parent!;
        return Directory.EnumerateFiles(Path.Combine(folder.FullName, "roofline", "evidence"), "*.json", SearchOption.AllDirectories)
            .Where(path => !ExperimentVerifier.IsExperiment(path)).Order(StringComparer.Ordinal).Select(EvidenceFile.Read);
    }
}
