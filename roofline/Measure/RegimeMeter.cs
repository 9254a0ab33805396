using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Measure;

/// <summary>
/// Measures a workload's training steps between rounds of calibration, until every axis is decided or the budget is spent.
/// The doubled batch is sampled only once the dispatch axis asks for it.
/// </summary>
public sealed class RegimeMeter(
    MachinePeaks peaks, ICalibrator calibrator, IOperatorRecorder recorder, IClock clock, RegimeThresholds thresholds, SamplingPlan plan)
{
    public MeasuredStep Measure(IStepSource source, Action<MeterProgress>? progress = null)
    {
        var start = clock.Seconds;
        using var steps = Warm(source, source.Batch);
        var count = steps.Running.Count;
        var recording = StepRecording.Of(recorder, steps.Running);
        var rounds = new List<SampleRound>();
        StepTimer? doubled = null;
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
            RecordedCalls = recording.Calls,
            Recording = recording.Outcome,
            MeasuringSeconds = clock.Seconds - start,
        };
    }

    StepTimer Warm(IStepSource source, int batch)
    {
        var timer = new StepTimer(source.Prepare(batch), clock, plan);
        timer.WarmUp();
        return timer;
    }
}
