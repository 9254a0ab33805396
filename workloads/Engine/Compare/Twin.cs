using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlPerfEdu.Engine.Compare;

/// <summary>What a twin reports about itself.</summary>
/// <param name="Blas">The library file of its matrix products; null where it cannot be told.</param>
sealed record TwinFacts(string Torch, int Threads, string? Blas, long Parameters);

/// <summary>A twin in a process of its own that ends with this one.</summary>
sealed class TwinProcess : ISide
{
    const int LinesKept = 15;
    readonly string script;
    readonly Process process;
    readonly LastLines last = new(LinesKept);

    TwinProcess(ProcessStartInfo start, string script, TimeSpan patience)
    {
        (this.script, Patience) = (script, patience);
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => last.Add(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>How long one answer may take.</summary>
    public TimeSpan Patience { get; set; }

    public TwinFacts Facts { get; private set; } = null!;

    TwinFacts ISide.Twin => Facts;

    public static TwinProcess Start(
        string python, string host, string script, JsonObject config, IReadOnlyDictionary<string, string> environment,
        TimeSpan patience, CancellationToken stop)
    {
        var start = new ProcessStartInfo(python, ["-u", host, script])
            { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var twin = new TwinProcess(start, script, patience);
        try
        {
            var answer = twin.Ask(config.ToJsonString(), stop);
            twin.Facts = new(
                twin.Get<string>(answer, "torch"), twin.Get<int>(answer, "threads"), answer["blas"]?.GetValue<string>(),
                twin.Get<long>(answer, "parameters"));
            return twin;
        }
        catch
        {
            twin.Dispose();
            throw;
        }
    }

    public double Run(int steps, CancellationToken stop)
    {
        var answer = Ask($"{steps}", stop);
        var seconds = Get<double>(answer, "seconds");
        return double.IsFinite(seconds) && seconds > 0
            ? seconds
            : throw CompareErrors.Unreadable(script, answer.ToJsonString(), "a time above 0 under \"seconds\"");
    }

    public void Dispose()
    {
        End();
        process.Dispose();
    }

    // Also waits for its last lines of output.
    void End()
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    JsonObject Ask(string line, CancellationToken stop)
    {
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Ended();
        }
        var answer = Answer(stop) ?? throw Ended();
        try
        {
            return JsonNode.Parse(answer) as JsonObject ?? throw CompareErrors.Unreadable(script, answer, "a JSON object");
        }
        catch (JsonException)
        {
            throw CompareErrors.Unreadable(script, answer, "a JSON object");
        }
    }

    string? Answer(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            return process.StandardOutput.ReadLineAsync(patience.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            End();
            throw CompareErrors.Silent(script, Patience, last.ToString());
        }
    }

    T Get<T>(JsonObject answer, string key)
    {
        try
        {
            return answer[key] is { } node
                ? node.GetValue<T>()
                : throw CompareErrors.Unreadable(script, answer.ToJsonString(), $"the key \"{key}\"");
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException)
        {
            throw CompareErrors.Unreadable(script, answer.ToJsonString(), $"a {typeof(T).Name} under \"{key}\"");
        }
    }

    EnvironmentProblem Ended()
    {
        // Also waits for the last lines.
        process.WaitForExit();
        return CompareErrors.Ended(script, process.ExitCode, last.ToString());
    }
}

/// <summary>What a twin is built from, with the keys of workloads.yaml.</summary>
static class TwinConfig
{
    static readonly JsonSerializerOptions Keys = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static JsonObject Of(ModelEntry entry, WorkloadEntry trainer, Recipe? recipe, int batch, int threads, int seed) => new()
    {
        ["id"] = entry.Id,
        ["geometry"] = Sizes(entry.Geometry),
        // Where a model serves weights that another workload trains, the geometry of that one.
        ["trained_geometry"] = Sizes(trainer.Geometry),
        ["recipe"] = recipe is null ? null : RecipeOf(recipe),
        ["batch"] = batch,
        ["seed"] = seed,
        ["threads"] = threads,
    };

    static JsonObject Sizes(Geometry geometry) => new(geometry.Values.Select(size => KeyValuePair.Create(size.Key, Size(size.Value))));

    static JsonNode? Size(IReadOnlyList<double> values) =>
        values is [var only] ? only : new JsonArray([.. values.Select(value => (JsonNode)value)]);

    static JsonObject RecipeOf(Recipe recipe)
    {
        var node = JsonSerializer.SerializeToNode(recipe, Keys)!.AsObject();
        node["betas"] = new JsonArray(recipe.Betas.First, recipe.Betas.Second);
        node["precision"] = PrecisionChoice.Of(recipe.Precision).Used.Name();
        return node;
    }
}

/// <summary>Gives a twin what this process runs with: the same threads, and a malloc that keeps large blocks.</summary>
static class TwinEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(int threads)
    {
        var count = $"{threads}";
        return new Dictionary<string, string>
        {
            ["OMP_NUM_THREADS"] = count,
            ["MKL_NUM_THREADS"] = count,
            ["OPENBLAS_NUM_THREADS"] = count,
            // As roofline/Torch/NativeProcess.cs sets them; a malloc other than glibc's does not read them.
            ["MALLOC_MMAP_THRESHOLD_"] = "1073741824",
            ["MALLOC_TRIM_THRESHOLD_"] = "1073741824",
            ["MALLOC_TOP_PAD_"] = "67108864",
        };
    }
}
