using MlPerfEdu.Catalog;
using MlPerfEdu.Engine;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>A small clone in a temporary folder: two workloads on generated data, a README, nothing measured yet.</summary>
sealed class Clone : IDisposable
{
    public const string First = "first-workload";
    public const string Second = "second-workload";
    public const string Answering = "answering-workload";

    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-cli-").FullName;

    public Clone(string note = "Nothing special.")
    {
        Repository = new(Path.Combine(folder, "clone"));
        Write("MlPerfEdu.sln", "");
        Write("RESULTS.md", "# Results\n\n<!-- results:begin -->\nold\n<!-- results:end -->\n\nThe end.\n");
        Write("README.md", "# Title\n\n<!-- results:begin -->\nold\n<!-- results:end -->\n\nThe end.\n");
        Write("workloads/workloads.yaml", Yaml(note));
    }

    public Repository Repository { get; }

    /// <summary>The cache of the commands that run here.</summary>
    public string Cache => Path.Combine(folder, "cache");

    public WorkloadEntry Entry(string id) => (WorkloadEntry)Model(id);

    public ModelEntry Model(string id) => (ModelEntry)WorkloadCatalogReader.Read(Repository.WorkloadsYaml, null).Catalog!.Find(id)!;

    /// <summary>A model that answers queries, with the weights of the first workload.</summary>
    public void AddAnswering() => File.AppendAllText(
        Repository.WorkloadsYaml,
        $$"""
            {{Answering}}:
              model: some-model
              params: 20
              scenario: server
              tier: quick
              geometry: { length: 4 }
              shared_checkpoint: {{First}}
              load: { queries: 9, seconds: 0, samples: 4, samples_per_query: 8, percentile: 0.9, target_rate: 2, latency_bound_seconds: 1 }
              checks: [{ metric: cache_error, at_most: 1.0e-4 }]

        """);

    /// <summary>A real data set that all workloads prefer to the generated one.</summary>
    public void AddRealData() => File.WriteAllText(Repository.WorkloadsYaml, File.ReadAllText(Repository.WorkloadsYaml).Replace(
        "data: [", "data: [{ dataset: mnist, tier: real, quality_target: { metric: accuracy, at_least: 0.9 } }, "));

    public string Write(string relative, string text)
    {
        var path = Path.Combine(Repository.Root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Puts a sidecar of a passing run where runs put theirs.</summary>
    public string Measured(string id, string at, Func<EvidenceRecord, EvidenceRecord>? change = null)
    {
        var record = SampleEvidence.Of(Entry(id), at);
        return EvidenceFile.Write(Repository.NewEvidenceFolder, change is null ? record : change(record)).Path;
    }

    /// <summary>Every file by its path, as bytes in hexadecimal.</summary>
    public Dictionary<string, string> Content(params string[] folders) => folders
        .Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        .ToDictionary(Repository.Relative, path => Convert.ToHexString(File.ReadAllBytes(path)));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static string Yaml(string note) => $$"""
        schema: 1
        thresholds:
          working_set: { resident_llc_fraction: 0.5, dram_llc_multiple: 4 }
          arithmetic_intensity: { low_ridge_multiple: 0.5, high_ridge_multiple: 2 }
          dispatch: { dispatch_below: 0.25, saturated_from: 0.5, explained_share: 0.5 }
        suites:
          small:
            {{First}}:   # a comment that must stay
              note: "{{note}}"
        {{Rest}}
            {{Second}}:
        {{Rest}}

        """;

    const string Rest = """
              model: some-model
              params: 20
              scenario: offline
              tier: quick
              geometry: { inputs: 4, outputs: 5 }
              recipe:
                { division: open, optimizer: adamw, learning_rate: 1.0e-3, weight_decay: 0.01, betas: [0.9, 0.999], epsilon: 1.0e-8,
                  schedule: cosine, final_learning_rate_fraction: 0.1, clip_norm: 1.0, batch: 8, epochs: 2, batches_per_epoch: 3 }
              data: [{ dataset: synthetic-strokes, tier: embedded, quality_target: { metric: accuracy, at_least: 0.9 } }]
        """;
}
