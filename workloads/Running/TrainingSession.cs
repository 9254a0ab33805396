using System.Diagnostics;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Training;

namespace MlPerfEdu.Workloads.Running;

/// <summary>One training from one seed, by the recipe, scored after every epoch.</summary>
/// <param name="Final">Those of the epoch that the recipe keeps.</param>
sealed record TrainingSession(
    Scores Final, IReadOnlyList<QualityPoint> Curve, string TrajectorySha256, double Seconds, double? SecondsToTarget)
{
    // A step of a small model takes a millisecond: writing about each would cost more than it tells.
    static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    public static TrainingSession Run(WorkloadEntry entry, DataChoice choice, ITrainingWorkload workload, int seed, IRunProgress progress, CancellationToken stop)
    {
        var recipe = choice.Recipe;
        var schedule = new LearningRateSchedule(recipe);
        var watch = Stopwatch.StartNew();
        using var trajectory = new LossTrajectory();
        using var run = workload.Begin(seed);
        var curve = new List<QualityPoint>();
        double? reached = null;
        Scores? kept = null;
        long step = 0, steps = (long)recipe.Epochs * recipe.BatchesPerEpoch;
        var reported = TimeSpan.Zero;

        for (var epoch = 0; epoch < recipe.Epochs; epoch++)
        {
            for (var batch = 0; batch < recipe.BatchesPerEpoch; batch++, step++)
            {
                stop.ThrowIfCancellationRequested();
                var loss = run.Step(schedule.At(epoch, step));
                if (!float.IsFinite(loss)) throw RunErrors.LossNotFinite(entry.Id, step, loss);
                trajectory.Add(loss);
                if (watch.Elapsed - reported < ReportInterval) continue;
                reported = watch.Elapsed;
                progress.Report("training", (double)step / steps, Detail(epoch, recipe, loss, curve, choice.QualityTarget));
            }

            var scores = run.Evaluate();
            if (kept is null || recipe.KeptEpoch != "best" || IsBetter(entry, scores, kept, choice.QualityTarget)) kept = scores;
            curve.Add(new QualityPoint(step, Value(entry, scores, choice.QualityTarget.Metric)));
            if (reached is null && Meets(entry, scores, choice)) reached = watch.Elapsed.TotalSeconds;
        }
        progress.Report("training", 1, Detail(recipe.Epochs - 1, recipe, null, curve, choice.QualityTarget));
        return new TrainingSession(kept!, curve, trajectory.Digest, watch.Elapsed.TotalSeconds, reached);
    }

    static double Value(WorkloadEntry entry, Scores scores, string metric) => EvidenceAssembler.Metric(entry.Id, scores.Metrics, metric);

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
