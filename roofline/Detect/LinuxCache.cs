using System.Globalization;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>One folder cpu0/cache/index* of /sys, file by file.</summary>
public sealed record LinuxCache(string Level, string Type, string Size, string SharedCpuList)
{
    internal CacheFact Fact => new(
        int.TryParse(Level.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : 0,
        Type.Trim().ToLowerInvariant(),
        ByteSize.Parse(Size),
        CpuList.Count(SharedCpuList));
}
