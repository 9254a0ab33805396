namespace MlPerfEdu.Roofline.Measure;

public sealed record MeasuredStep(StepCount Count, StepMeasurement Measurement, Regimes Regimes);

/// <param name="Samples">Steps timed so far.</param>
/// <param name="Undecided">Axes whose interval still lies across a threshold; empty before the first look.</param>
public sealed record MeterProgress(int Samples, double Seconds, double BudgetSeconds, IReadOnlyList<RegimeAxis> Undecided);

/// <summary>How long a workload's steps are sampled.</summary>
public sealed record SamplingPlan
{
    public int WarmUpSteps { get; init; } = 5;

    /// <summary>Rounds of calibration and steps before the first look; fewer than 8 give no interval at the default confidence.</summary>
    public int MinimumRounds { get; init; } = 12;

    /// <summary>Steps of one round fill about this long, but are at least one.</summary>
    public double RoundSeconds { get; init; } = 0.05;

    public int MaximumStepsPerRound { get; init; } = 20;

    /// <summary>An axis that is undecided after this long stays undecided.</summary>
    public double BudgetSeconds { get; init; } = 12;

    public double Confidence { get; init; } = StepMeasurement.DefaultConfidence;

    /// <summary>Whether the doubled batch is sampled from the start, not only where the dispatch axis needs it.</summary>
    public bool AlwaysDouble { get; init; }

    /// <summary>Steps shorter than this notice that the calibration emptied the cache: one goes unmeasured after it.</summary>
    public double SettleBelowSeconds { get; init; } = 0.02;
}

/// <summary>
/// Measures a workload's training steps between rounds of calibration, until every axis is decided or the budget is spent.
/// The doubled batch is sampled only once the dispatch axis needs it.
/// </summary>
public sealed class RegimeMeter(
    MachinePeaks peaks, ICalibrator calibrator, IOperatorRecorder recorder, IClock clock, RegimeThresholds thresholds, SamplingPlan plan)
{
    public MeasuredStep Measure(IStepSource source, Action<MeterProgress>? progress = null)
    {
        var start = clock.Seconds;
        using var steps = Warm(source, source.Batch);
        var count = steps.Running.Count;
        var (calls, recording) = Record(steps.Running);
        var rounds = new List<SampleRound>();
        StepTimer? doubled = plan.AlwaysDouble ? Warm(source, 2 * source.Batch) : null;
        try
        {
            while (true)
            {
                rounds.Add(Round());
                if (rounds.Count < plan.MinimumRounds)
                    continue;

                var measurement = Measurement();
                var regimes = RegimeDerivation.Derive(count, measurement, peaks, thresholds);
                var undecided = regimes.All.Where(verdict => !verdict.Decided).Select(verdict => verdict.Axis).ToArray();
                progress?.Invoke(new MeterProgress(measurement.StepSeconds.Count, measurement.MeasuringSeconds, plan.BudgetSeconds, undecided));
                if (undecided.Length == 0 || measurement.MeasuringSeconds >= plan.BudgetSeconds)
                    return new MeasuredStep(count, measurement, regimes);
                if (doubled is null && regimes.Dispatch.Value == RegimeValue.Unmeasured)
                    doubled = Warm(source, 2 * source.Batch);
            }
        }
        finally
        {
            doubled?.Dispose();
        }

        SampleRound Round()
        {
            var calibration = calibrator.Sample();
            var (began, queued) = (clock.Seconds, clock.QueuedSeconds);
            var (single, twice) = (steps.Round(), doubled?.Round() ?? []);
            return new SampleRound(calibration, single, twice, clock.Seconds - began, clock.QueuedSeconds - queued);
        }

        StepMeasurement Measurement() => new()
        {
            WarmUpSteps = plan.WarmUpSteps,
            Confidence = plan.Confidence,
            Rounds = [.. rounds],
            RecordedCalls = calls,
            Recording = recording,
            MeasuringSeconds = clock.Seconds - start,
        };
    }

    StepTimer Warm(IStepSource source, int batch)
    {
        var timer = new StepTimer(source.Prepare(batch), clock, plan);
        timer.WarmUp();
        return timer;
    }

    // One step under the recorder, compared with the structural count.
    (long? Calls, string Recording) Record(IRunningStep running)
    {
        if ((running.Unrecorded ?? recorder.Unavailable) is { } why)
            return (null, why);
        var recorded = recorder.Record(running.Step);
        var differences = RecordedCount.Differences(running.Count, recorded);
        return (recorded.Sum(row => row.OutermostCalls), differences.Count == 0
            ? StepMeasurement.RecordingAgrees
            : $"recorded and structural count differ: {string.Join("; ", differences)}");
    }
}

/// <summary>Owns one prepared step, runs it repeatedly and times each run.</summary>
sealed class StepTimer(IRunningStep running, IClock clock, SamplingPlan plan) : IDisposable
{
    double typicalSeconds;

    public IRunningStep Running => running;

    public void WarmUp()
    {
        for (var step = 0; step < plan.WarmUpSteps; step++)
            typicalSeconds = Time();
    }

    /// <summary>Seconds of as many steps as fill a round.</summary>
    public double[] Round()
    {
        if (typicalSeconds < plan.SettleBelowSeconds)
            running.Step();
        var samples = new double[(int)Math.Clamp(plan.RoundSeconds / typicalSeconds, 1, plan.MaximumStepsPerRound)];
        for (var step = 0; step < samples.Length; step++)
            samples[step] = Time();
        typicalSeconds = Statistics.Median(samples);
        return samples;
    }

    public void Dispose() => running.Dispose();

    double Time()
    {
        var start = clock.Seconds;
        running.Step();
        return clock.Seconds - start;
    }
}
