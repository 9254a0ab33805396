namespace MlPerfEdu.Roofline.Measure;

/// <summary>Owns one prepared step, runs it again and again and keeps the time of each.</summary>
sealed class StepTimer(IRunningStep running, IClock clock, SamplingPlan plan) : IDisposable
{
    readonly List<double> samples = [];
    double typicalSeconds;

    public IRunningStep Running => running;

    public IReadOnlyList<double> Samples => samples;

    public void WarmUp()
    {
        for (var step = 0; step < plan.WarmUpSteps; step++)
            typicalSeconds = Time();
    }

    public void Round()
    {
        if (typicalSeconds < plan.SettleBelowSeconds)
            running.Step();
        var steps = (int)Math.Clamp(plan.RoundSeconds / Math.Max(typicalSeconds, 1e-9), 1, plan.MaximumStepsPerRound);
        for (var step = 0; step < steps; step++)
            samples.Add(Time());
        typicalSeconds = Statistics.Median(samples);
    }

    public void Dispose() => running.Dispose();

    double Time()
    {
        var start = clock.Seconds;
        running.Step();
        return clock.Seconds - start;
    }
}
