using static System.FormattableString;

namespace MlPerfEdu.Roofline.Report;

/// <summary>Numbers as people read them; invariant, three significant digits.</summary>
public static class Units
{
    static readonly (double Scale, string Prefix)[] Prefixes =
        [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n")];

    /// <summary>18345600 → "18.3 M", with the unit right after the prefix.</summary>
    public static string Si(double value, string unit = "")
    {
        if (value == 0)
            return $"0 {unit}".TrimEnd();
        var (scale, prefix) = Prefixes.FirstOrDefault(step => Math.Abs(value) >= step.Scale, Prefixes[^1]);
        return $"{ThreeDigits(value / scale)} {prefix}{unit}".TrimEnd();
    }

    /// <summary>Sizes of memory by powers of two: 1048576 → "1 MiB".</summary>
    public static string Binary(double bytes) => bytes switch
    {
        >= 1 << 30 => Invariant($"{bytes / (1 << 30):0.##} GiB"),
        >= 1 << 20 => Invariant($"{bytes / (1 << 20):0.##} MiB"),
        _ => Invariant($"{bytes / (1 << 10):0.##} KiB"),
    };

    public static string Percent(double share) => Invariant($"{100 * share:0.#} %");

    public static string Count(long number) => Invariant($"{number:#,0}");

    public static string Ratio(double ratio) => Invariant($"{ratio:0.00}x");

    public static string Seconds(double seconds) => seconds >= 1 ? Invariant($"{seconds:0.#} s") : Si(seconds, "s");

    static string ThreeDigits(double value) => Math.Abs(value) switch
    {
        >= 99.95 => Invariant($"{value:0}"),
        >= 9.995 => Invariant($"{value:0.0}"),
        _ => Invariant($"{value:0.00}"),
    };
}
