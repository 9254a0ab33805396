using System.Globalization;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>Reads the output of `sysctl machdep.cpu hw`.</summary>
public static class MacFacts
{
    const string FeaturePrefix = "hw.optional.arm.FEAT_";

    public static MachineFacts Parse(string architecture, string sysctl, IReadOnlyList<string> isa, int availableThreads)
    {
        var values = LinuxFacts.Fields(sysctl);
        var logical = Number(values, "hw.logicalcpu");
        return new MachineFacts
        {
            OsFamily = "macos",
            Architecture = architecture,
            CpuVendor = values.GetValueOrDefault("machdep.cpu.vendor") ?? (architecture == "arm64" ? "Apple" : MachineFacts.Unknown),
            CpuModel = values.GetValueOrDefault("machdep.cpu.brand_string") ?? MachineFacts.Unknown,
            Isa = InstructionSets.Of(isa, Features(values)),
            PhysicalCores = (int)Number(values, "hw.physicalcpu"),
            LogicalCores = (int)logical,
            AvailableThreads = availableThreads,
            Caches = [.. Caches(values)],
            MemoryBytes = Number(values, "hw.memsize"),
        };
    }

    // Apple's processors state caches per kind of core; perflevel0 is the fast one.
    static IEnumerable<CacheFact> Caches(Dictionary<string, string> values)
    {
        (int Level, string Kind, string Name)[] known =
        [
            (1, "data", "l1dcachesize"), (1, "instruction", "l1icachesize"), (2, "unified", "l2cachesize"), (3, "unified", "l3cachesize"),
        ];
        foreach (var (level, kind, name) in known)
        {
            var fast = Number(values, $"hw.perflevel0.{name}");
            var bytes = fast > 0 ? fast : Number(values, $"hw.{name}");
            if (bytes > 0)
                yield return new CacheFact(level, kind, bytes, level == 2 ? (int)Number(values, "hw.perflevel0.cpusperl2") : 0);
        }
    }

    static IEnumerable<string> Features(Dictionary<string, string> values) => values
        .Where(value => value.Key.StartsWith(FeaturePrefix, StringComparison.Ordinal) && value.Value == "1")
        .Select(value => value.Key[FeaturePrefix.Length..].ToLowerInvariant());

    static long Number(Dictionary<string, string> values, string name) =>
        long.TryParse(values.GetValueOrDefault(name), NumberStyles.None, null, out var number) ? number : 0;
}
