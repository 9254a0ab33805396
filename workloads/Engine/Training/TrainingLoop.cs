using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Training;

namespace MlPerfEdu.Workloads.Running;

/// <summary>One training from one seed, by the recipe, scored as often as it says.</summary>
/// <param name="Final">Those of the epoch that the recipe keeps.</param>
sealed record TrainingSession(
    Scores Final, IReadOnlyList<QualityPoint> Curve, string TrajectorySha256, double Seconds, double? SecondsToTarget)
{
    // A step of a small model takes a millisecond: writing about each would cost more than it tells.
    static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    /// <param name="succeeded">Gets the run at the end of its recipe when the target is met.</param>
    public static TrainingSession Run(
        WorkloadEntry entry, DataChoice choice, ITrainingWorkload workload, RunOptions options, Action<ITrainingRun> succeeded,
        IRunProgress progress, CancellationToken stop)
    {
        var recipe = choice.Recipe;
        var schedule = new LearningRateSchedule(recipe);
        var watch = Stopwatch.StartNew();
        using var trajectory = new LossTrajectory();
        using var run = Fitting.Check(entry, () => workload.Begin(options.Seed));
        var curve = new List<QualityPoint>();
        double? reached = null;
        Scores? last = null, kept = null;
        long steps = (long)recipe.Epochs * recipe.BatchesPerEpoch, interval = recipe.EvalEvery ?? recipe.BatchesPerEpoch;
        var reported = TimeSpan.Zero;

        for (long step = 0; step < steps && !(options.UntilTarget && reached is not null); step++)
        {
            stop.ThrowIfCancellationRequested();
            var epoch = (int)(step / recipe.BatchesPerEpoch);
            var rate = schedule.At(epoch, step);
            var loss = step == 0 ? Fitting.Check(entry, () => run.Step(rate)) : run.Step(rate);
            if (!float.IsFinite(loss)) throw RunErrors.LossNotFinite(entry.Id, step, loss);
            trajectory.Add(loss);
            if (watch.Elapsed - reported >= ReportInterval)
            {
                reported = watch.Elapsed;
                progress.Report("training", (double)step / steps, Detail(epoch, recipe, loss, curve, choice.QualityTarget));
            }
            if ((step + 1) % interval != 0 && step + 1 < steps) continue;

            progress.Report("scoring", (double)step / steps, Detail(epoch, recipe, loss, curve, choice.QualityTarget));
            last = run.Evaluate(stop);
            if (kept is null || recipe.KeptEpoch != "best" || IsBetter(entry, last, kept, choice.QualityTarget)) kept = last;
            curve.Add(new QualityPoint(step + 1, Value(entry, last, choice.QualityTarget.Metric)));
            if (reached is null && Meets(entry, last, choice)) reached = watch.Elapsed.TotalSeconds;
        }
        // The weights are those of the last epoch, whichever epoch's scores count.
        if (!options.UntilTarget && Meets(entry, last!, choice)) succeeded(run);
        progress.Report("training", 1, Detail(recipe.Epochs - 1, recipe, null, curve, choice.QualityTarget));
        return new TrainingSession(kept!, curve, trajectory.Digest, watch.Elapsed.TotalSeconds, reached);
    }

    static double Value(WorkloadEntry entry, Scores scores, string metric) => RunErrors.Metric(entry.Id, scores.Metrics, metric);

    static bool IsBetter(WorkloadEntry entry, Scores scores, Scores kept, QualityTarget target)
    {
        var (value, best) = (Value(entry, scores, target.Metric), Value(entry, kept, target.Metric));
        return target.Direction == Direction.AtLeast ? value > best : value < best;
    }

    static bool Meets(WorkloadEntry entry, Scores scores, DataChoice choice) =>
        choice.Also.Prepend(choice.QualityTarget).All(target => target.IsMetBy(Value(entry, scores, target.Metric)));

    static string Detail(int epoch, Recipe recipe, float? loss, List<QualityPoint> curve, QualityTarget target)
    {
        var score = curve.Count > 0 ? $"{curve[^1].Value:0.0000}" : "–";
        var bound = target.Direction == Direction.AtLeast ? "≥" : "≤";
        var lossText = loss is { } value ? $", loss {value:0.0000}" : "";
        return $"epoch {epoch + 1}/{recipe.Epochs}{lossText}, {target.Metric} {score} (target {bound} {target.Value})";
    }
}

/// <summary>The learning rate of each step: a linear warm-up over steps, and a decay from epoch to epoch as the recipe says.</summary>
public sealed class LearningRateSchedule(Recipe recipe)
{
    /// <param name="step">Steps done before this one.</param>
    public double At(int epoch, long step)
    {
        var warmup = recipe.WarmupSteps is > 0 and var steps ? Math.Min(1.0, (step + 1.0) / steps) : 1.0;
        var progress = recipe.Epochs > 1 ? (double)epoch / (recipe.Epochs - 1) : 0.0;
        var remaining = recipe.Schedule switch
        {
            "cosine" => 0.5 * (1 + Math.Cos(Math.PI * progress)),
            "linear" => 1 - progress,
            _ => 1.0,
        };
        var final = recipe.FinalLearningRateFraction;
        return recipe.LearningRate * warmup * (final + (1 - final) * remaining);
    }
}

/// <summary>The bits of every loss of a run as one hash: equal hashes mean equal runs, bit for bit.</summary>
public sealed class LossTrajectory : IDisposable
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(float loss)
    {
        Span<byte> bits = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bits, loss);
        hash.AppendData(bits);
    }

    public string Digest => Convert.ToHexStringLower(hash.GetCurrentHash());

    public void Dispose() => hash.Dispose();
}
