namespace MlPerfEdu.Roofline.Count;

/// <summary>A second gradient of the same numbers is added to the first.</summary>
static class Accumulation
{
    public static Work Of(long numbers, long times = 1) =>
        times <= 0 ? default : new Work(0, times * numbers, times * Fp32.Bytes * 3 * numbers, times);
}
