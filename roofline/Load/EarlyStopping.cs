namespace MlPerfEdu.Roofline.Load;

/// <summary>
/// How many queries it takes to be 99 % sure of a percentile. With t queries over the claimed latency, there must be so many below
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
        while (TooLikely(high))
            (low, high) = (high, 2 * high);
        return Bisect(low, high, queries => !TooLikely(queries)).High;

        bool TooLikely(long queries) => ChanceOfAtMost(over, queries, 1 - percentile) >= 1 - Confidence;
    }

    /// <summary>The upper bound of the percentile of these latencies, from the most that their number allows over it; absent when too few.</summary>
    public static long? Estimate(IReadOnlyList<long> sorted, double percentile)
    {
        if (LeastQueries(percentile, 0) > sorted.Count)
            return null;
        var over = Bisect(0, sorted.Count, over => LeastQueries(percentile, over) > sorted.Count).Low;
        return over > 0 ? sorted[(int)(sorted.Count - over)] : null;
    }

    // Two neighbours: the last number that does not hold, and the first that does.
    static (long Low, long High) Bisect(long low, long high, Func<long, bool> holds)
    {
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }

        return (low, high);
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
