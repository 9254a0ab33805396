using System.Text;
using System.Text.Json;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Engine.Mllog;

/// <summary>
/// A folder laid out as MLCommons' package checker wants it: results/SYSTEM/BENCHMARK/result_0.txt and so on, systems/SYSTEM.json,
/// benchmarks/BENCHMARK. A system of one division is another system, because its description names the division.
/// </summary>
public sealed class ResultPackage(string folder)
{
    /// <summary>Runs of a result: one for each seed of a reference.</summary>
    public const int Runs = 5;

    public const string ResultPattern = "result_*.txt";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string Folder => folder;

    public string SystemFile(string system) => Path.Combine(folder, "systems", $"{system}.json");

    public string BenchmarkFolder(string id) => Path.Combine(folder, "benchmarks", id);

    public string ResultFolder(string system, string id) => Path.Combine(folder, "results", system, id);

    public static string System(MachineRecord machine, string division) => $"{machine.Class}-{division}";

    /// <summary>Results that are there already, for these benchmarks: a package must not mix two sets of runs.</summary>
    public IReadOnlyList<string> Present(IEnumerable<string> ids) => !Directory.Exists(Path.Combine(folder, "results"))
        ? []
        : [.. from system in Directory.EnumerateDirectories(Path.Combine(folder, "results"))
            from id in ids
            let results = Path.Combine(system, id)
            where Directory.Exists(results) && Directory.EnumerateFiles(results, "*.txt", SearchOption.AllDirectories).Any()
            select results];

    /// <summary>Puts the log of one training in: its lines up to run_stop, which is what counts.</summary>
    /// <param name="number">Which of the seeds, from 0.</param>
    public string Add(string log, int number, WorkloadEntry entry, EvidenceRecord evidence)
    {
        var division = evidence.Settings.GetValueOrDefault("recipe.Division", entry.Recipe.Division);
        var system = Describe(evidence, division, entry);
        var counted = new StringBuilder();
        foreach (var line in File.ReadLines(log))
        {
            counted.Append(line).Append('\n');
            if (line.Contains("\"key\":\"run_stop\"", StringComparison.Ordinal))
                break;
        }

        return Write(Path.Combine(ResultFolder(system, entry.Id), FormattableString.Invariant($"result_{number}.txt")), counted.ToString());
    }

    /// <summary>Puts the logs of one run under load in, in LoadGen's files.</summary>
    /// <param name="number">Which of the seeds, from 0.</param>
    public string Add(int number, InferenceEntry entry, EvidenceRecord evidence)
    {
        var system = Describe(evidence, "open", entry);
        var log = new LoadGenLog(evidence, entry);
        var run = Path.Combine(ResultFolder(system, entry.Id), log.Scenario, "performance", FormattableString.Invariant($"run_{number + 1}"));
        Write(Path.Combine(run, "mlperf_log_detail.txt"), log.Detail());
        return Write(Path.Combine(run, "mlperf_log_summary.txt"), log.Summary());
    }

    string Describe(EvidenceRecord evidence, string division, ModelEntry entry)
    {
        var system = System(evidence.Machine, division);
        Write(SystemFile(system), JsonSerializer.Serialize(SystemDescription.Of(evidence, system, division), Indented) + "\n");
        Write(Path.Combine(BenchmarkFolder(entry.Id), "README.md"),
            $"# {entry.Id}\n\n{entry.Provenance}\n\nSource: commit {evidence.Source.Commit} of MlPerfEdu{(evidence.Source.Dirty == true ? ", with changes" : "")}. "
            + "Unofficial and unverified. Result not verified by MLCommons Association.\n");
        return system;
    }

    static string Write(string path, string text)
    {
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
        return path;
    }
}

/// <summary>The description of a system as MLCommons' tools read it. What the machine does not state is empty.</summary>
static class SystemDescription
{
    /// <summary>Fields that the description must have.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "submitter", "division", "status", "system_name", "number_of_nodes", "host_processors_per_node", "host_processor_model_name",
        "host_processor_core_count", "host_processor_vcpu_count", "host_processor_frequency", "host_processor_caches", "host_processor_interconnect",
        "host_memory_capacity", "host_storage_type", "host_storage_capacity", "host_networking", "host_networking_topology", "host_memory_configuration",
        "accelerators_per_node", "accelerator_model_name", "accelerator_host_interconnect", "accelerator_frequency", "accelerator_on-chip_memories",
        "accelerator_memory_configuration", "accelerator_memory_capacity", "accelerator_interconnect", "accelerator_interconnect_topology", "cooling",
        "hw_notes", "framework", "other_software_stack", "operating_system", "sw_notes",
    ];

    public static IReadOnlyDictionary<string, string> Of(EvidenceRecord evidence, string system, string division)
    {
        var (facts, versions) = (evidence.Machine.Facts, evidence.Versions);
        var known = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["submitter"] = "MlPerfEdu",
            ["division"] = division,
            ["status"] = "Research, Development, or Internal (RDI)",
            ["system_name"] = system,
            ["number_of_nodes"] = "1",
            ["host_processors_per_node"] = "1",
            ["host_processor_model_name"] = facts.CpuModel,
            ["host_processor_core_count"] = Number(facts.PhysicalCores),
            ["host_processor_vcpu_count"] = Number(facts.AvailableThreads),
            ["host_processor_caches"] = string.Join(", ", facts.Caches.Select(cache => $"L{cache.Level} {cache.Kind} {Units.Si(cache.Bytes, "B")}")),
            ["host_memory_capacity"] = Units.Si(facts.MemoryBytes, "B"),
            ["accelerators_per_node"] = "0",
            ["hw_notes"] = $"Instruction sets: {string.Join(", ", facts.Isa)}",
            ["framework"] = $"TorchSharp {versions.GetValueOrDefault("torchsharp", MachineFacts.Unknown)}, libtorch {versions.GetValueOrDefault("libtorch", MachineFacts.Unknown)}",
            ["other_software_stack"] = $".NET {versions.GetValueOrDefault("dotnet", MachineFacts.Unknown)}",
            ["operating_system"] = facts.OsFamily,
            ["sw_notes"] = "Unofficial and unverified. Result not verified by MLCommons Association.",
        };
        return Fields.ToDictionary(field => field, field => known.GetValueOrDefault(field, ""), StringComparer.Ordinal);
    }

    static string Number(int count) => count > 0 ? FormattableString.Invariant($"{count}") : MachineFacts.Unknown;
}
