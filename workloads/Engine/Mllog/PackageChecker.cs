using System.Text.Json;

namespace MlPerfEdu.Engine.Mllog;

/// <summary>What a package holds of one benchmark on one system.</summary>
/// <param name="Convergences">Samples to converge, one per run; infinite for a run that did not.</param>
public sealed record PackagedResult(string Folder, string System, string Benchmark, string? Division, string? DataSet, long? Batch, IReadOnlyList<double> Convergences);

/// <summary>Checks a folder of results: its layout, the logs in it, their seeds, and that they are runs of one benchmark.</summary>
public sealed class PackageChecker(WorkloadCatalog catalog)
{
    readonly List<LogFinding> findings = [];
    readonly List<PackagedResult> results = [];
    int served;

    public (IReadOnlyList<PackagedResult> Results, IReadOnlyList<LogFinding> Findings) Check(string folder)
    {
        var package = new ResultPackage(folder);
        foreach (var system in Below(Path.Combine(folder, "results")))
        {
            CheckSystem(package.SystemFile(Path.GetFileName(system)));
            foreach (var benchmark in Below(system))
            {
                if (catalog.Find(Path.GetFileName(benchmark)) is InferenceEntry)
                    CheckServed(benchmark);
                else
                    CheckBenchmark(benchmark, Path.GetFileName(system));
            }
        }

        if (results.Count + served == 0 && findings.Count == 0)
            findings.Add(LogFindings.Results(folder, 0, ResultPackage.Runs));
        return (results, findings);
    }

    static IEnumerable<string> Below(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal) : [];

    void CheckSystem(string path)
    {
        try
        {
            using var description = JsonDocument.Parse(File.ReadAllText(path));
            if (SystemDescription.Fields.FirstOrDefault(field => !description.RootElement.TryGetProperty(field, out _)) is { } missing)
                findings.Add(LogFindings.System(path, $"no field {missing}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            findings.Add(LogFindings.System(path, error.Message));
        }
    }

    // LoadGen's logs have no rules of order: their lines must be readable.
    void CheckServed(string folder)
    {
        foreach (var detail in Directory.EnumerateFiles(folder, "mlperf_log_detail.txt", SearchOption.AllDirectories))
        {
            var (lines, unreadable) = MllogLine.Read(detail);
            findings.AddRange(lines.Count == 0 ? [.. unreadable, LogFindings.NoLines(detail)] : unreadable);
            served++;
        }
    }

    void CheckBenchmark(string folder, string system)
    {
        var benchmark = Path.GetFileName(folder);
        string[] paths = [.. Directory.EnumerateFiles(folder, ResultPackage.ResultPattern).Order(StringComparer.Ordinal)];
        if (paths.Length != ResultPackage.Runs)
            findings.Add(LogFindings.Results(folder, paths.Length, ResultPackage.Runs));
        var runs = new List<RunFacts>();
        foreach (var path in paths)
        {
            findings.AddRange(LogChecker.Check(path, catalog, out var lines));
            runs.Add(RunFacts.Of(path, lines));
        }

        CheckSeeds(runs);
        foreach (var (run, key, found, expected) in runs.SelectMany(run => Expected(run, benchmark, runs[0])))
        {
            if (found != expected)
                findings.Add(LogFindings.Differs(run.Path, key, found ?? "nothing", expected ?? "nothing"));
        }

        if (runs.Count > 0)
            results.Add(new PackagedResult(folder, system, benchmark, runs[0].Division, runs[0].DataSet, runs[0].Batch, [.. runs.Select(run => run.Convergence)]));
    }

    static IEnumerable<(RunFacts Run, string Key, string? Found, string? Expected)> Expected(RunFacts run, string benchmark, RunFacts first) =>
    [
        (run, "submission_benchmark", run.Benchmark, benchmark),
        (run, "global_batch_size", $"{run.Batch}", $"{first.Batch}"),
        (run, "submission_division", run.Division, first.Division),
        (run, LogKeys.DataSet, run.DataSet, first.DataSet),
    ];

    void CheckSeeds(List<RunFacts> runs)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            foreach (var seed in run.Seeds.Where(seed => !known.TryAdd(seed.Value.GetRawText(), Path.GetFileName(run.Path))))
                findings.Add(LogFindings.Seed(run.Path, seed, known[seed.Value.GetRawText()]));
        }
    }
}

/// <summary>What a package is judged by in one log.</summary>
/// <param name="Convergence">Samples at the last scores before a successful end; infinite without one.</param>
public sealed record RunFacts(string Path, string? Benchmark, string? Division, string? DataSet, long? Batch, double Convergence, IReadOnlyList<MllogLine> Seeds)
{
    public static RunFacts Of(string path, IReadOnlyList<MllogLine> lines)
    {
        var end = lines.FirstOrDefault(line => line.Key == "run_stop");
        var last = lines.TakeWhile(line => line != end).LastOrDefault(line => line.Key == "eval_accuracy");
        var converged = end?.Of("status") is { ValueKind: JsonValueKind.String } status && status.GetString() == "success"
            && last?.Of("samples_count") is { ValueKind: JsonValueKind.Number } samples ? samples.GetDouble() : double.PositiveInfinity;
        return new RunFacts(path, Text("submission_benchmark"), Text("submission_division"), Text(LogKeys.DataSet), (long?)Number("global_batch_size"), converged,
            [.. lines.Where(line => line.Key == "seed")]);

        JsonElement? Value(string key) => lines.FirstOrDefault(line => line.Key == key)?.Value;
        string? Text(string key) => Value(key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        double? Number(string key) => Value(key) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
    }
}
