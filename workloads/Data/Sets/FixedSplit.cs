namespace MlPerfEdu.Data;

/// <summary>An order of samples that depends on nothing but their number and a seed.</summary>
static class FixedSplit
{
    public static int[] Order(int samples, ulong seed)
    {
        var order = new int[samples];
        for (var i = 0; i < samples; i++) order[i] = i;
        var random = new Xoshiro(seed);
        for (var i = samples - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    /// <summary>The first samples of that order to train on, the others to score.</summary>
    public static (List<T> Train, List<T> Validation) Halve<T>(IReadOnlyList<T> samples, int train, ulong seed)
    {
        var order = Order(samples.Count, seed);
        return ([.. order.Take(train).Select(i => samples[i])], [.. order.Skip(train).Select(i => samples[i])]);
    }
}
