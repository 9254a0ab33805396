using System.Globalization;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>One folder cpu0/cache/index* of /sys, file by file.</summary>
public sealed record LinuxCache(string Level, string Type, string Size, string SharedCpuList)
{
    internal CacheFact Fact => new(
        int.TryParse(Level.Trim(), NumberStyles.None, null, out var level) ? level : 0,
        Type.Trim().ToLowerInvariant(),
        ByteSize.Parse(Size),
        CpuList.Count(SharedCpuList));
}

/// <summary>Reads the texts of /proc and /sys, wherever the caller has them from.</summary>
public static class LinuxFacts
{
    public static MachineFacts Parse(
        string architecture, string cpuInfo, string memInfo, IReadOnlyList<LinuxCache> caches, IReadOnlyList<string> isa, int availableThreads)
    {
        var processors = Processors(cpuInfo);
        var logical = Math.Max(processors.Count, 1);
        return new MachineFacts
        {
            OsFamily = "linux",
            Architecture = architecture,
            CpuVendor = First(processors, "vendor_id", "CPU implementer"),
            CpuModel = First(processors, "model name", "CPU part"),
            Isa = InstructionSets.Of(isa, First(processors, "flags", "Features").Split(' ')),
            PhysicalCores = PhysicalCores(processors, logical),
            LogicalCores = logical,
            AvailableThreads = availableThreads,
            Caches = [.. caches.Select(cache => cache.Fact).OrderBy(cache => cache.Level).ThenBy(cache => cache.Kind, StringComparer.Ordinal)],
            MemoryBytes = ByteSize.Parse(Fields(memInfo).GetValueOrDefault("MemTotal", "")),
        };
    }

    // Processors are separated by empty lines; some kernels end with a paragraph about the board, which has no processor number.
    static List<Dictionary<string, string>> Processors(string cpuInfo) =>
    [
        .. cpuInfo.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(Fields)
            .Where(fields => fields.ContainsKey("processor")),
    ];

    /// <summary>A line each of name, colon and value.</summary>
    internal static Dictionary<string, string> Fields(string paragraph)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in paragraph.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                fields[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        return fields;
    }

    static string First(List<Dictionary<string, string>> processors, params string[] names)
    {
        var values = names.SelectMany(name => processors.Select(fields => fields.GetValueOrDefault(name)));
        return values.FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? MachineFacts.Unknown;
    }

    // Arm kernels do not distinguish cores from threads; Arm servers have one thread per core.
    static int PhysicalCores(List<Dictionary<string, string>> processors, int logical)
    {
        var cores = processors
            .Where(fields => fields.ContainsKey("core id"))
            .Select(fields => (fields.GetValueOrDefault("physical id"), fields["core id"]))
            .Distinct()
            .Count();
        return cores == 0 ? logical : cores;
    }
}

/// <summary>Sizes as /sys and /proc spell them: "32K", "1M", "24037180 kB".</summary>
static class ByteSize
{
    public static long Parse(string text)
    {
        var trimmed = text.Trim();
        var digits = trimmed.TakeWhile(char.IsAsciiDigit).Count();
        if (!long.TryParse(trimmed.AsSpan(0, digits), NumberStyles.None, null, out var number))
            return 0;
        return trimmed[digits..].TrimStart() switch
        {
            ['K' or 'k', ..] => number << 10,
            ['M' or 'm', ..] => number << 20,
            ['G' or 'g', ..] => number << 30,
            _ => number,
        };
    }
}

/// <summary>Lists of processors as /sys spells them: "0-3,8,10-11".</summary>
static class CpuList
{
    public static int Count(string text) => text
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Sum(range => Size(range.Split('-')));

    static int Size(string[] ends) =>
        int.TryParse(ends[0], NumberStyles.None, null, out var first)
        && int.TryParse(ends[^1], NumberStyles.None, null, out var last)
        && last >= first
            ? last - first + 1
            : 0;
}
