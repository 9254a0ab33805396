namespace MlPerfEdu.Roofline.Detect;

/// <summary>Reads the texts of /proc and /sys; which texts those are is somebody else's business.</summary>
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
            MemoryBytes = Memory(memInfo),
        };
    }

    // Processors are separated by empty lines; some kernels end with a paragraph about the board, which has no processor number.
    static List<Dictionary<string, string>> Processors(string cpuInfo) =>
    [
        .. cpuInfo.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(Fields)
            .Where(fields => fields.ContainsKey("processor")),
    ];

    static Dictionary<string, string> Fields(string paragraph)
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
        var found = names.SelectMany(name => processors.Select(fields => fields.GetValueOrDefault(name)));
        return found.FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? MachineFacts.Unknown;
    }

    // Arm kernels do not tell cores from threads; Arm servers have one thread per core.
    static int PhysicalCores(List<Dictionary<string, string>> processors, int logical)
    {
        var cores = processors
            .Where(fields => fields.ContainsKey("core id"))
            .Select(fields => (fields.GetValueOrDefault("physical id"), fields["core id"]))
            .Distinct()
            .Count();
        return cores == 0 ? logical : cores;
    }

    static long Memory(string memInfo) =>
        ByteSize.Parse(Fields(memInfo).GetValueOrDefault("MemTotal", ""));
}
