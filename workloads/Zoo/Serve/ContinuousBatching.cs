namespace MlPerfEdu.Zoo;

/// <summary>Requests join and leave a running batch, which is as large as memory allows.</summary>
/// <param name="Active">Requests at a time.</param>
public readonly record struct ContinuousBatching(int Active, double TokensPerSecond)
{
    /// <param name="question">Its batch is not looked at.</param>
    public static ContinuousBatching Of(in ServingQuestion question, int most)
    {
        if (most < 1) throw ZooErrors.OutOfRange("a largest batch of", most, "at least 1");
        var one = Serving.Solve(question with { Batch = 1 });
        var capacity = question.Device.Capacity;
        var room = capacity > one.Weights ? Math.Floor((capacity - one.Weights) / one.Cache) : 0;
        var active = (int)Math.Min(most, room);
        if (active == 0) return default;
        var step = question.Rules == Rules.Reference
            ? (one.Weights + (one.Cache * active)) / question.Device.Bandwidth
            : Serving.Solve(question with { Batch = active }).NextToken;
        return new(active, active / step.Value);
    }
}
