namespace MlPerfEdu.Zoo;

/// <summary>Names and sizes of the dtypes.</summary>
public static class Dtypes
{
    // By the value of the enum; tf32 is stored as fp32.
    static readonly double[] Sizes = [4, 4, 2, 2, 1, 1, 0.5, 0.5];

    static readonly string[] Words = [.. Enum.GetNames<Dtype>().Select(name => name.ToLowerInvariant())];

    public static IReadOnlyList<string> Names => Words;

    /// <summary>Bytes per parameter.</summary>
    public static double Bytes(this Dtype dtype) => Sizes[(int)dtype];

    public static string Name(this Dtype dtype) => Words[(int)dtype];

    public static Dtype? Find(string name) => Array.IndexOf(Words, name) is >= 0 and var at ? (Dtype)at : null;
}
