using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Page.Tests;

/// <summary>Sidecars of runs that never were: ordinary ones, and the edges of every rule. Some of them lie.</summary>
static class RandomEvidence
{
    static readonly EvidenceRecord Sample = Template();

    /// <summary>Sealed, so that only what it claims can be wrong.</summary>
    public static EvidenceRecord Of(int seed)
    {
        var random = new Random(seed);
        var count = Count(random);
        var peaks = ContentHash.Seal(Peaks(random));
        var measurement = Measurement(random);
        var thresholds = Thresholds(random, count, peaks);
        var quality = Quality(random);
        var cost = new CostRecord(1, random.Next(2) == 0 ? null : 1, 1, random.Next(4) == 0 ? 0 : random.NextInt64(1 << 20, 1L << 32))
            { Budget = random.Next(3) == 0 ? null : new Budget(60, random.Next(2) == 0 ? 2048 : 100 * random.NextDouble() * 40) };
        var serving = random.Next(4) == 0 ? Serving(random) : null;
        if (serving is not null)
        {
            var figures = LoadFigures.Of(serving.Load, serving.Answers).ToDictionary();
            foreach (var check in quality.Checks)
                figures[check.Metric] = check.Value;
            quality = quality with { Metrics = figures };
        }
        var record = Sample with
        {
            Count = count, Peaks = peaks, Measurement = measurement, Thresholds = thresholds, Quality = quality, Cost = cost, Serving = serving,
            Trajectory = random.Next(3) == 0 ? null : new([1], [new(1, new string('a', 64))]) { Losses = new(2, Samples(random, 1e-6, 1e6)) },
            Settings = Settings(random, count), Regimes = RegimeDerivation.Derive(count, measurement, peaks, thresholds),
            Validity =
            [
                .. QualityValidity.Lines(quality), .. BudgetValidity.Lines(cost),
                .. serving is null ? [] : LoadValidity.Lines(serving.Load, serving.Answers),
            ],
        };
        return ContentHash.Seal(random.Next(3) == 0 ? Lying(record, random) : record);
    }

    static EvidenceRecord Lying(EvidenceRecord record, Random random)
    {
        var regimes = record.Regimes;
        return random.Next(7) switch
        {
            0 => record with { Regimes = regimes with { WorkingSet = regimes.WorkingSet with { Value = RegimeValue.DramBound } } },
            1 => record with { Regimes = regimes with { Dispatch = regimes.Dispatch with { Decided = !regimes.Dispatch.Decided } } },
            2 => record with { Regimes = regimes with { ArithmeticIntensity = regimes.ArithmeticIntensity with { Because = "because" } } },
            3 => record with { Validity = [.. record.Validity.Skip(1)] },
            4 => record with { Validity = [.. record.Validity.Select(line => line with { Met = true })] },
            5 => record with { Quality = record.Quality with { Target = record.Quality.Target with { Value = record.Quality.Target.Limit } } },
            _ => record with { Machine = record.Machine with { Class = "linux-arm64" }, Quality = record.Quality with { Metrics = new Dictionary<string, double>() } },
        };
    }

    static StepCount Count(Random random) => new(random.Next(1, 64), [.. Enumerable.Range(0, random.Next(1, 4)).Select(index => new LayerCount
    {
        Layer = $"layer {index}", Kind = "linear", Output = [1], Parameters = random.Next(1000), ForwardMacs = random.Next(1000),
        Precision = random.Next(8) == 0 ? Precision.Bf16 : Precision.Fp32, FrozenParameters = random.Next(3) == 0 ? 5 : 0,
        Forward = Work(random), DataGradient = Work(random), WeightGradient = Work(random), Optimizer = Work(random),
        UniqueBytes = random.Next(10) == 0 ? 0 : (long)Spread(random, 1e3, 1e9),
    })]);

    static Work Work(Random random) => random.Next(6) == 0
        ? default
        : new((long)Spread(random, 1, 1e11), random.Next(1_000_000), (long)Spread(random, 1, 1e9), random.Next(200));

    static MachinePeaks Peaks(Random random)
    {
        List<PeakSeries> series =
        [
            new(PeakKind.Gemm, "", 2, 512, PeakSeries.Flops, "made up", Samples(random, 1e10, 2e11)),
            new(PeakKind.Gemm, "", 1, 512, PeakSeries.Flops, "made up", Samples(random, 1e10, 2e11)),
            new(PeakKind.GemmBf16, "", 2, 512, PeakSeries.Flops, "made up", Samples(random, 1e10, 4e11)),
            new(PeakKind.Fma, "", 2, 256, PeakSeries.Flops, "made up", Samples(random, 1e10, 3e11)),
            new(PeakKind.Triad, MemoryLevels.Memory, 2, 1, PeakSeries.Bytes, "made up", Samples(random, 5e9, 5e10)),
            new(PeakKind.Triad, MemoryLevels.LastLevelCache, 2, 1, PeakSeries.Bytes, "made up", Samples(random, 1e10, 2e11)),
            new(PeakKind.EmptyOperator, "", 1, 0, PeakSeries.Seconds, "made up", Samples(random, 1e-7, 1e-5)),
        ];
        if (random.Next(12) == 0)
            series.RemoveAt(random.Next(series.Count));
        var knee = random.Next(3) == 0 ? (Interval?)null : new(Spread(random, 1e5, 1e7), Spread(random, 1e7, 1e9));
        return Sample.Peaks with
        {
            Series = series, LastLevelCache = new([], knee, random.Next(4) == 0 ? null : 32_000_000),
            Reference = [.. Enumerable.Range(0, random.Next(20) == 0 ? 0 : random.Next(1, 5)).Select(_ => Calibration(random))],
        };
    }

    static StepMeasurement Measurement(Random random)
    {
        var (step, growth, busy) = (Spread(random, 1e-3, 100), 1 + 1.2 * random.NextDouble(), random.Next(4) == 0);
        int[] fewAndMany = [0, 7, 8, 9, 12, 13, 30];
        return Sample.Measurement with
        {
            Confidence = random.Next(3) == 0 ? 0.95 : 0.99,
            RecordedCalls = random.Next(3) switch { 0 => null, 1 => 0, _ => random.Next(100_000) },
            Rounds = [.. Enumerable.Range(0, fewAndMany[random.Next(fewAndMany.Length)]).Select(_ => Round(random, step, growth, busy))],
        };
    }

    static SampleRound Round(Random random, double step, double growth, bool busy)
    {
        double[] steps = [.. Enumerable.Range(0, random.Next(25) == 0 ? 0 : random.Next(1, 5)).Select(_ => step * (0.9 + 0.3 * random.NextDouble()))];
        var seconds = random.Next(20) == 0 ? 3.0 : steps.Sum() + 1e-6;
        double? queued = random.Next(6) switch { 0 => null, 1 => 0, 2 => SampleRound.MostQueued * seconds, _ => busy ? seconds : 0.1 * seconds };
        return new(Calibration(random), steps, random.Next(3) == 0 ? [] : [step * growth], seconds, queued);
    }

    /// <summary>Sometimes an edge lies exactly where the measurement does.</summary>
    static RegimeThresholds Thresholds(Random random, StepCount count, MachinePeaks peaks)
    {
        var resident = random.Next(4) == 0 && peaks.LastLevelCache.Bytes is { } cache ? (count.UniqueBytes / cache).High : 0.5;
        return new(new(resident, 4), new(0.5, random.Next(5) == 0 ? 1e-5 : 2), new(0.25, random.Next(5) == 0 ? 0.3 : 0.5, random.NextDouble()));
    }

    static QualityRecord Quality(Random random)
    {
        var limit = Spread(random, 1e-6, 1e3);
        return new(Check("accuracy", random, limit), random.Next(2) == 0 ? [] : [Check("loss", random, limit / 7)],
            [new(1, random.NextDouble()), new(2, Spread(random, 1e-9, 1e9))], new Dictionary<string, double> { ["accuracy"] = 1 });
    }

    static QualityCheck Check(string metric, Random random, double limit) => new(
        metric, random.Next(2) == 0 ? QualityBound.AtLeast : QualityBound.AtMost, limit,
        random.Next(5) switch { 0 => limit, 1 => Math.BitIncrement(limit), 2 => 0, 3 => -limit, _ => limit * 2 * random.NextDouble() });

    static ServingRecord Serving(Random random)
    {
        var scenario = (LoadScenario)random.Next(4);
        var tokens = random.Next(3) == 0 ? 1 : random.Next(1, 5);
        var isLatest = random.Next(2) == 0;
        AnsweredSample[] answers = [.. Enumerable.Range(0, random.Next(1, 80)).Select(index =>
        {
            var scheduled = index * random.NextInt64(1, 1_000_000);
            return new AnsweredSample(index / (scenario == LoadScenario.MultiStream ? 2 : 1), index, scheduled,
                [.. Enumerable.Range(1, tokens).Select(token => scheduled + token * random.NextInt64(1_000_000, 1_000_000_000)).Order()])
            {
                Issued = isLatest ? scheduled + random.Next(1_000_000) : null,
            };
        })];
        double[] percentiles = [0.5, 0.9, 0.97, 0.99];
        return new(new LoadSettings
        {
            Scenario = scenario, Queries = random.Next(1, 60), Seconds = random.Next(2), Samples = 64, SamplesPerQuery = 1,
            Percentile = percentiles[random.Next(4)], TargetRate = null,
            LatencyBoundSeconds = scenario == LoadScenario.Server ? Bound() : null, Seeds = new(1, ulong.MaxValue, 3),
            FirstTokenBoundSeconds = isLatest && random.Next(3) == 0 ? Bound() : null, PerTokenBoundSeconds = isLatest && random.Next(3) == 0 ? Bound() : null,
            Rules = isLatest ? LoadSettings.LatestRules : null,
        }, answers);

        // Also one that an answer meets to the nanosecond.
        double Bound() => random.Next(2) == 0 ? random.NextDouble() : answers[random.Next(answers.Length)].Latency / 1e9;
    }

    static Dictionary<string, string> Settings(Random random, StepCount count)
    {
        var settings = new Dictionary<string, string> { ["recipe.Precision"] = random.Next(10) == 0 || count.Bf16Flops > 0 ? "bf16" : "fp32" };
        if (settings["recipe.Precision"] == "bf16" && random.Next(8) != 0)
            (settings["precision.used"], settings["precision.why"]) = (count.Bf16Flops > 0 ? "bf16" : "fp32", "made up");
        return settings;
    }

    static CalibrationSample Calibration(Random random) =>
        new(Spread(random, 1e10, 2e11), Spread(random, 5e9, 5e10), Spread(random, 1e10, 2e11), Spread(random, 1e-7, 1e-5));

    static double[] Samples(Random random, double least, double most) => [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Spread(random, least, most))];

    /// <summary>As many values below 10 as above 100: even in logarithms.</summary>
    static double Spread(Random random, double least, double most) => least * Math.Pow(most / least, random.NextDouble());

    static EvidenceRecord Template()
    {
        using var clone = new Clone();
        return SampleEvidence.Of(clone.Entry(Clone.First), "2026-01-31T12-00-00Z");
    }
}
