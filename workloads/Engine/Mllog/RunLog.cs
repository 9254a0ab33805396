using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MlPerfEdu.Engine.Mllog;

/// <summary>
/// The log of one training in MLPerf's format, written line by line while it runs. What counts ends with run_stop; lines after it
/// are of the rest of the recipe. A full disk must not end a training: it ends the log instead, and <see cref="Broken"/> says why.
/// </summary>
sealed class RunLog : IDisposable
{
    readonly DateTimeOffset began = DateTimeOffset.UtcNow;
    readonly Stopwatch watch = Stopwatch.StartNew();
    StreamWriter? writer;
    bool stopped, over;

    RunLog(string path)
    {
        Path = path;
        Guarded(() =>
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            // Each line is there at once for whoever watches.
            writer = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        });
    }

    /// <param name="folder">Absent: nothing is logged.</param>
    public static RunLog? Begin(string? folder, string id, int seed) => folder is null ? null : new RunLog(LogFolder.Of(folder, id, seed));

    public string Path { get; }

    /// <summary>Why the log is not whole; absent while it is.</summary>
    public string? Broken { get; private set; }

    /// <summary>Who runs what: all that is known before the data.</summary>
    public void Submission(WorkloadEntry entry, DataChoice choice, int seed, string platform)
    {
        // Nobody's caches are emptied.
        Point("cache_clear", false);
        Write("INTERVAL_START", "init_start");
        Point(LogKeys.Notice, "MLPerf-style log of MlPerfEdu, unverified. Result not verified by MLCommons Association.");
        Point("submission_org", "MlPerfEdu");
        Point("submission_platform", platform);
        Point("submission_division", choice.Recipe.Division);
        Point("submission_benchmark", entry.Id);
        Point("submission_status", "research");
        Point("seed", seed);
        Point(LogKeys.DataSet, choice.Dataset);
        foreach (var target in choice.Also.Prepend(choice.QualityTarget))
            Point(LogKeys.Target, target.Limit, new() { [LogKeys.Metric] = target.Metric, ["bound"] = target.Bound.Words() });
        foreach (var (key, value) in Hyperparameters.Of(choice.Recipe))
            Point(key, value);
    }

    /// <summary>The clock starts, before any part of the run touches the data.</summary>
    public void RunStart()
    {
        Write("INTERVAL_END", "init_stop");
        Write("INTERVAL_START", "run_start");
    }

    public void Samples(int training, int evaluation)
    {
        Point("train_samples", training);
        Point("eval_samples", evaluation);
    }

    public void BlockStart(Trained so) => Write("INTERVAL_START", "block_start", metadata: so.Far);

    public void BlockStop(Trained so) => Write("INTERVAL_END", "block_stop", metadata: so.Far);

    public void EvalStart(Trained so) => Write("INTERVAL_START", "eval_start", metadata: so.Far);

    public void EvalStop(Trained so) => Write("INTERVAL_END", "eval_stop", metadata: so.Far);

    /// <param name="loss">Mean of the steps since the last such line.</param>
    public void Loss(Trained so, double loss) => Point(LogKeys.Stats, new Dictionary<string, double> { ["loss"] = loss }, so.Far);

    public void Accuracy(Trained so, string metric, double value)
    {
        var metadata = so.Far;
        metadata[LogKeys.Metric] = metric;
        Point("eval_accuracy", value, metadata);
    }

    /// <summary>The clock stops; only the first time counts.</summary>
    public void RunStop(Trained so, bool success)
    {
        if (stopped)
            return;
        stopped = true;
        var metadata = so.Far;
        metadata["status"] = success ? "success" : "aborted";
        Write("INTERVAL_END", "run_stop", metadata: metadata);
    }

    /// <summary>No step follows.</summary>
    public void Over()
    {
        over = true;
        Point(LogKeys.Over, true);
    }

    void Point(string key, object value, Dictionary<string, object>? metadata = null, [CallerLineNumber] int line = 0) =>
        Write("POINT_IN_TIME", key, value, metadata, line);

    void Write(string type, string key, object? value = null, Dictionary<string, object>? metadata = null, [CallerLineNumber] int line = 0)
    {
        metadata ??= [];
        metadata["file"] = $"{nameof(RunLog)}.cs";
        metadata["lineno"] = line;
        var at = (began + watch.Elapsed).ToUnixTimeMilliseconds();
        Guarded(() => writer?.WriteLine(MllogLine.Text("", at, type, key, value, metadata)));
    }

    void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            (writer, Broken) = (null, error.Message);
        }
    }

    /// <summary>A training that ends before its recipe does is said to be over, too, or somebody would watch it for ever.</summary>
    public void Dispose()
    {
        if (!over)
            Point(LogKeys.Over, false);
        over = true;
        Guarded(() => writer?.Dispose());
        writer = null;
    }
}

/// <summary>How far a training is.</summary>
readonly record struct Trained(long Steps, Recipe Recipe)
{
    public Dictionary<string, object> Far => new()
    {
        ["samples_count"] = Steps * Recipe.Batch, ["epoch_num"] = (double)Steps / Recipe.BatchesPerEpoch, ["step_num"] = Steps,
    };
}

/// <summary>Where runs keep their logs until the next one with the same seed.</summary>
public static class LogFolder
{
    const string Extension = ".log";

    public static string Of(string folder, string id, int seed) => Path.Combine(folder, FormattableString.Invariant($"{id}_seed{seed}{Extension}"));

    /// <summary>The log that was written to last, of an id and perhaps a seed; absent without one.</summary>
    public static string? Newest(string folder, string id, int? seed) => !Directory.Exists(folder)
        ? null
        : Directory.EnumerateFiles(folder, $"{id}_seed*{Extension}")
            .Where(path => seed is not { } wanted || Path.GetFileName(path) == Path.GetFileName(Of(folder, id, wanted)))
            .MaxBy(File.GetLastWriteTimeUtc);
}

/// <summary>Keys that MLPerf has no rules for; unknown ones are allowed everywhere.</summary>
static class LogKeys
{
    public const string Notice = "edu_notice";
    public const string DataSet = "edu_data_set";
    public const string Target = "edu_target";
    public const string Over = "edu_over";
    public const string Stats = "tracked_stats";
    public const string Metric = "metric";
}

/// <summary>A recipe in the words of MLPerf's logs.</summary>
static class Hyperparameters
{
    public static IEnumerable<(string Key, object Value)> Of(Recipe recipe)
    {
        yield return ("global_batch_size", recipe.Batch);
        yield return ("gradient_accumulation_steps", 1);
        yield return ("max_steps", (long)recipe.Epochs * recipe.BatchesPerEpoch);
        yield return ("max_epochs", recipe.Epochs);
        yield return ("evaluation_frequency", (long)(recipe.EvalEvery ?? recipe.BatchesPerEpoch) * recipe.Batch);
        yield return ("opt_name", recipe.Optimizer);
        yield return ("opt_base_learning_rate", recipe.LearningRate);
        yield return ("opt_learning_rate_warmup_steps", recipe.WarmupSteps ?? 0);
        yield return ("opt_learning_rate_decay_schedule", recipe.Schedule);
        yield return ("opt_gradient_clip_norm", recipe.ClipNorm);
        yield return ("opt_weight_decay", recipe.WeightDecay);
        if (recipe.Optimizer != "sgd")
        {
            yield return ($"opt_{recipe.Optimizer}_beta_1", recipe.Betas.First);
            yield return ($"opt_{recipe.Optimizer}_beta_2", recipe.Betas.Second);
            yield return ($"opt_{recipe.Optimizer}_epsilon", recipe.Epsilon);
        }

        if (recipe.Momentum is { } momentum)
            yield return ("opt_momentum", momentum);
        if (recipe.MatrixLearningRate is { } matrices)
            yield return ("opt_matrix_learning_rate", matrices);
        yield return ("lowest_numerical_precision_in_linear", recipe.Precision == Precision.Bf16 ? "bfloat16" : "fp32");
    }
}
