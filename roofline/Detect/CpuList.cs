using System.Globalization;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>Lists of processors as /sys spells them: "0-3,8,10-11".</summary>
static class CpuList
{
    public static int Count(string text) => text
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Sum(range => Size(range.Split('-')));

    static int Size(string[] ends) =>
        int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
        && last >= first
            ? last - first + 1
            : 0;
}
