namespace MlPerfEdu.Roofline.Load;

/// <summary>
/// How many queries it takes to be 99 % sure of a percentile. With t queries over the latency that is claimed, there must be so many below
/// it that a system at exactly that percentile would do as well in less than one run of a hundred.
/// </summary>
public static class EarlyStopping
{
    const double Confidence = 0.99;

    /// <summary>The least number of queries that allows for so many over the latency.</summary>
    public static long LeastQueries(double percentile, long over)
    {
        // A run of this many over the latency is below its mean here, and so surely too likely.
        long low = over, high = (long)Math.Ceiling((over + 1) / (1 - percentile)) + 1;
        while (ChanceOfAtMost(over, high, 1 - percentile) >= 1 - Confidence)
            (low, high) = (high, 2 * high);
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (ChanceOfAtMost(over, middle, 1 - percentile) < 1 - Confidence)
                high = middle;
            else
                low = middle;
        }

        return high;
    }

    /// <summary>
    /// The upper bound of the percentile of these latencies: the one that so many are over as their number allows for.
    /// Absent when there are too few.
    /// </summary>
    public static long? Estimate(IReadOnlyList<long> sorted, double percentile) =>
        Allowed(percentile, sorted.Count) is { } over and > 0 ? sorted[(int)(sorted.Count - over)] : null;

    /// <summary>How many may be over the latency among so many queries; absent when they are too few for any.</summary>
    static long? Allowed(double percentile, long queries)
    {
        if (LeastQueries(percentile, 0) > queries)
            return null;
        long low = 0, high = queries;
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (LeastQueries(percentile, middle) <= queries)
                low = middle;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>P[Binomial(trials, chance) ≤ successes], its terms added from the last, the largest, until they no longer matter.</summary>
    static double ChanceOfAtMost(long successes, long trials, double chance)
    {
        var odds = Math.Log(chance) - Math.Log(1 - chance);
        var term = trials * Math.Log(1 - chance);
        for (long k = 1; k <= successes; k++)
            term += Math.Log((double)(trials - k + 1) / k) + odds;
        var sum = 0.0;
        for (var k = successes; k >= 0; k--)
        {
            var value = Math.Exp(term);
            sum += value;
            if (value < sum * 1e-17)
                break;
            term -= Math.Log((double)(trials - k + 1) / k) + odds;
        }

        return sum;
    }
}
