namespace MlPerfEdu.Roofline;

/// <summary>Numbers with units for readers: three significant digits.</summary>
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

    /// <summary>So many things a second. "44 m/s" would be a speed, so what is below one stays a decimal: "0.0441 inputs/s".</summary>
    public static string Rate(double perSecond, string? things = null) =>
        (perSecond is > 0 and < 1 ? $"{perSecond:G3}" : Si(perSecond)) + (things is null ? "" : $" {things}/s");

    /// <summary>Sizes of memory by powers of two: 1048576 → "1 MiB".</summary>
    public static string Binary(double bytes) => bytes switch
    {
        >= 1 << 30 => $"{bytes / (1 << 30):0.##} GiB",
        >= 1 << 20 => $"{bytes / (1 << 20):0.##} MiB",
        _ => $"{bytes / (1 << 10):0.##} KiB",
    };

    public static string Percent(double share) => $"{100 * share:0.#} %";
    public static string Count(long number) => $"{number:#,0}";
    public static string Ratio(double ratio) => $"{ratio:0.00}x";
    public static string Seconds(double seconds) => seconds >= 1 ? $"{seconds:0.#} s" : Si(seconds, "s");

    static string ThreeDigits(double value) => Math.Abs(value) switch
    {
        >= 99.95 => $"{value:0}",
        >= 9.995 => $"{value:0.0}",
        _ => $"{value:0.00}",
    };
}
