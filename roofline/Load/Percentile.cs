namespace MlPerfEdu.Roofline.Load;

/// <summary>LoadGen's: the value at the truncated position, never one between two values.</summary>
public static class Percentile
{
    public static long Of(IReadOnlyList<long> sorted, double share) => sorted[(int)(sorted.Count * share)];
}
