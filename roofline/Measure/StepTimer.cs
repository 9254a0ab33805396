namespace MlPerfEdu.Roofline.Measure;

/// <summary>Owns one prepared step, runs it again and again and times each.</summary>
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
