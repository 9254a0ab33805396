using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Security.Cryptography;
using MlPerfEdu.Engine.Mllog;

namespace MlPerfEdu.Engine.Training;

/// <summary>One training from one seed, by the recipe, scored as often as the recipe says.</summary>
/// <param name="begin">From a seed, such as <see cref="ITrainingWorkload.Begin"/>.</param>
/// <param name="log">Where its steps and scores go; absent: nowhere.</param>
sealed class TrainingLoop(
    WorkloadEntry entry, DataChoice choice, Func<int, ITrainingRun> begin, RunOptions options, IRunProgress progress, RunLog? log = null)
{
    // A step of a small model takes a millisecond: a line for each would cost more than it tells.
    static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    readonly Recipe recipe = choice.Recipe;
    readonly QualityTarget target = choice.QualityTarget;
    readonly List<QualityPoint> curve = [];
    readonly Stopwatch watch = Stopwatch.StartNew();
    TimeSpan reported = TimeSpan.Zero;
    (double Sum, int Count) losses;

    /// <param name="succeeded">Called with the run at the end of its recipe if every target is met.</param>
    public TrainingResult Run(Action<ITrainingRun> succeeded, CancellationToken stop)
    {
        var schedule = new LearningRateSchedule(recipe);
        long steps = (long)recipe.Epochs * recipe.BatchesPerEpoch, interval = recipe.EvalEvery ?? recipe.BatchesPerEpoch;
        using var trajectory = new LossTrajectory(steps);
        using var run = Fitting.Check(entry, () => begin(options.Seed));
        Scores? scores = null, kept = null;
        double? secondsToTarget = null;

        var last = Math.Min(steps, options.Steps ?? steps);

        for (long step = 0; step < last && !(options.UntilTarget && secondsToTarget is not null); step++)
        {
            stop.ThrowIfCancellationRequested();
            var epoch = (int)(step / recipe.BatchesPerEpoch);
            if (step % interval == 0) log?.BlockStart(After(step));
            var loss = Step(run, step, schedule.At(epoch, step));
            trajectory.Add(loss);
            losses = (losses.Sum + loss, losses.Count + 1);
            ReportNowAndThen("training", step, steps, epoch, loss);
            if ((step + 1) % interval != 0 && step + 1 < last) continue;

            Report("scoring", (double)step / steps, epoch, loss);
            LogLoss(step + 1);
            log?.BlockStop(After(step + 1));
            log?.EvalStart(After(step + 1));
            scores = run.Evaluate(stop);
            LogScores(step + 1, scores);
            curve.Add(new QualityPoint(step + 1, Value(scores, target.Metric)));
            if (kept is null || recipe.KeptEpoch != "best" || IsBetter(scores, kept)) kept = scores;
            if (secondsToTarget is not null || !MeetsTargets(scores)) continue;
            secondsToTarget = watch.Elapsed.TotalSeconds;
            log?.RunStop(After(step + 1), success: true);
        }

        log?.RunStop(After(curve[^1].Step), success: false);
        log?.Over();

        // The weights are always those of the last epoch, even where the best epoch's scores count.
        if (!options.UntilTarget && last == steps && MeetsTargets(scores!)) succeeded(run);
        Report("training", 1, recipe.Epochs - 1, loss: null);
        return new TrainingResult(kept!, curve, trajectory.Digest, trajectory.Record, watch.Elapsed.TotalSeconds, secondsToTarget);
    }

    // Sizes that do not fit one another show in the first step.
    float Step(ITrainingRun run, long step, double learningRate)
    {
        var loss = step == 0 ? Fitting.Check(entry, () => run.Step(learningRate)) : run.Step(learningRate);
        return float.IsFinite(loss) ? loss : throw RunErrors.LossNotFinite(entry.Id, step, loss);
    }

    double Value(Scores scores, string metric) => RunErrors.Metric(entry.Id, scores.Metrics, metric);

    bool IsBetter(Scores scores, Scores best)
    {
        var (value, other) = (Value(scores, target.Metric), Value(best, target.Metric));
        return target.Bound == QualityBound.AtLeast ? value > other : value < other;
    }

    bool MeetsTargets(Scores scores) => choice.Also.Prepend(target).All(one => one.IsMetBy(Value(scores, one.Metric)));

    Trained After(long steps) => new(steps, recipe);

    void LogScores(long steps, Scores scores)
    {
        foreach (var one in choice.Also.Prepend(target))
            log?.Accuracy(After(steps), one.Metric, Value(scores, one.Metric));
        log?.EvalStop(After(steps));
    }

    void LogLoss(long steps)
    {
        if (losses.Count > 0) log?.Loss(After(steps), losses.Sum / losses.Count);
        losses = default;
    }

    void ReportNowAndThen(string phase, long step, long steps, int epoch, float loss)
    {
        if (watch.Elapsed - reported < ReportInterval) return;
        reported = watch.Elapsed;
        LogLoss(step + 1);
        Report(phase, (double)step / steps, epoch, loss);
    }

    void Report(string phase, double share, int epoch, float? loss)
    {
        var score = curve.Count > 0 ? $"{curve[^1].Value:0.0000}" : "–";
        var lossText = loss is { } value ? $", loss {value:0.0000}" : "";
        progress.Report(phase, share, $"epoch {epoch + 1}/{recipe.Epochs}{lossText}, {target.Metric} {score} (target {target.Bound.Sign()} {target.Limit})");
    }
}

/// <summary>What a training led to.</summary>
/// <param name="Final">The scores of the epoch that the recipe keeps.</param>
/// <param name="Curve">The target's metric at every evaluation.</param>
/// <param name="SecondsToTarget">Until the first evaluation that met every target; absent when none did.</param>
sealed record TrainingResult(
    Scores Final, IReadOnlyList<QualityPoint> Curve, string TrajectorySha256, TrajectoryRecord Trajectory, double Seconds, double? SecondsToTarget);

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

/// <summary>The bits of every loss of a run as one hash: equal hashes mean equal runs, bit for bit. And their means, to draw.</summary>
/// <param name="planned">Steps of the whole recipe.</param>
public sealed class LossTrajectory(long planned) : IDisposable
{
    /// <summary>How many losses are kept as they are.</summary>
    public const int Kept = 16;

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly List<double> first = [];
    readonly List<TrajectoryMark> marks = [];
    readonly List<double> means = [];
    readonly long every = LossCurve.EveryOf(planned);
    double sum;
    long steps;

    public void Add(float loss)
    {
        Span<byte> bits = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bits, loss);
        hash.AppendData(bits);
        if (first.Count < Kept) first.Add(loss);
        sum += loss;
        if (BitOperations.IsPow2(++steps)) marks.Add(new(steps, Digest));
        if (steps % every != 0) return;
        means.Add(sum / every);
        sum = 0;
    }

    public string Digest => Convert.ToHexStringLower(hash.GetCurrentHash());

    public TrajectoryRecord Record => new([.. first], marks.Count == 0 || marks[^1].Steps == steps ? [.. marks] : [.. marks, new(steps, Digest)])
    {
        Losses = new(every, steps % every == 0 ? [.. means] : [.. means, sum / (steps % every)]),
    };

    /// <summary>After which steps a run of so many has marks.</summary>
    public static IEnumerable<long> MarkedSteps(long steps)
    {
        for (long step = 1; step < steps; step *= 2)
            yield return step;
        yield return steps;
    }

    public void Dispose() => hash.Dispose();
}
