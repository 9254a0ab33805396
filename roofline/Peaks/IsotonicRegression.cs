namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The nearest sequence, in least squares, that never falls: pool adjacent violators.</summary>
public static class IsotonicRegression
{
    public static double[] Increasing(IReadOnlyList<double> values)
    {
        var pools = new Stack<(double Sum, int Count)>();
        foreach (var value in values)
        {
            var pool = (Sum: value, Count: 1);
            while (pools.TryPeek(out var before) && before.Sum / before.Count > pool.Sum / pool.Count)
            {
                pools.Pop();
                pool = (pool.Sum + before.Sum, pool.Count + before.Count);
            }

            pools.Push(pool);
        }

        return [.. pools.Reverse().SelectMany(pool => Enumerable.Repeat(pool.Sum / pool.Count, pool.Count))];
    }
}
