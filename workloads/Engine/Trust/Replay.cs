using MlPerfEdu.Engine.Training;

namespace MlPerfEdu.Engine.Trust;

/// <summary>Runs a workload again without keeping anything, such as <see cref="Running.WorkloadRunner.Repeat"/>.</summary>
public delegate EvidenceRecord RepeatWorkload(ModelEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop);

/// <summary>What repeating the run of a sidecar led to.</summary>
/// <param name="BitForBit">Whether every bit was compared; else the score and the first losses, within a tolerance.</param>
/// <param name="How">What was compared, and why no more.</param>
/// <param name="Whole">False for a look at the first steps, which raises no level.</param>
public sealed record ReplayVerdict(bool BitForBit, string How, bool Whole, IReadOnlyList<EvidenceFinding> Findings);

public static class ReplayedTrust
{
    /// <summary>A whole replay without findings raises a sidecar; one with findings takes from it that it holds.</summary>
    public static TrustVerdict With(this TrustVerdict verdict, ReplayVerdict replay)
    {
        var found = verdict with { Findings = [.. verdict.Findings, .. replay.Findings] };
        return replay is { Whole: true, Findings.Count: 0 }
            ? found.Raised(TrustLevel.Replayed) with { Claimed = replay.BitForBit ? Claims.AfterReplay(verdict.Claimed) : verdict.Claimed }
            : found with { Level = replay.Findings.Count > 0 ? TrustLevel.Sealed : verdict.Level };
    }
}

/// <summary>Repeats the run of a sidecar from its seed with its settings, and compares what it led to.</summary>
public sealed class Replay(WorkloadCatalog catalog, RepeatWorkload repeat)
{
    /// <summary>How far the first losses may lie apart on another machine, relative to their size: other sums of 32-bit numbers round otherwise.</summary>
    public const double LossTolerance = 0.01;

    /// <summary>So many of the first losses; after that, rounding has grown too far to say anything.</summary>
    public const int LossesCompared = 4;

    /// <summary>Why a sidecar cannot be replayed; absent when it can.</summary>
    /// <param name="steps">Of a look at the first steps; absent for the whole run.</param>
    public static string? Obstacle(IRunRecord? record, TrustVerdict verdict, long? steps)
    {
        if (!verdict.Holds)
            return "it does not hold as it is";
        if (record is not EvidenceRecord run)
            return "it has nothing but times, and no run has those twice";
        if (verdict.Level < TrustLevel.Consistent)
            return $"{verdict.Limit}: check out {run.Source.Commit}, where its entry stands, and replay it there";
        if (steps is null)
            return null;
        if (run.Serving is not null)
            return "a model that answers has no steps of training";
        var first = Math.Min(run.Quality.Curve[0].Step, run.Trajectory?.Marks[0].Steps ?? long.MaxValue);
        return first <= steps ? null : $"it says nothing about its first {steps} steps, but about the first {first}";
    }

    public ReplayVerdict Of(string path, EvidenceRecord stated, long? steps, string scratch, IRunProgress progress, CancellationToken stop)
    {
        var entry = (ModelEntry)catalog.Find(stated.Workload.Id)!;
        var trainer = catalog.TrainerOf(entry);
        var choice = trainer.Data.Single(choice => choice.Dataset == stated.Data.Dataset);
        var closed = entry is WorkloadEntry && RecordedRun.IsClosed(trainer, choice, stated);
        var recipe = closed ? trainer.Closed!.Recipe : choice.Recipe;
        var again = repeat(
            entry,
            new RunOptions
            {
                Seed = (int)stated.Seed,
                Dataset = stated.Data.Dataset,
                Closed = closed,
                UntilTarget = entry is WorkloadEntry && RecordedRun.EndedAtTarget(stated, recipe),
                Scenario = stated.Serving?.Load.Scenario,
                TargetRate = stated.Serving?.Load.TargetRate,
                Steps = steps,
                EvidenceFolder = scratch,
            },
            progress,
            stop);
        var comparison = new ReplayComparison(path, stated, again, steps);
        if (Rounding.DiffersBecause(stated, again) is { } other)
        {
            // The reference seeds are the trainer's: of a model that answers there are none.
            var reference = entry is InferenceEntry ? null : closed ? trainer.Closed!.Reference : choice.Reference;
            return new(false, $"{other}, so {ReplayComparison.Tolerances}", steps is null, [.. comparison.Within(reference?.Values)]);
        }
        return new(true, steps is null ? "bit for bit" : $"the first {steps} steps, bit for bit", steps is null, [.. comparison.BitForBit()]);
    }
}

/// <summary>Whether two runs round their sums alike, so that they must be the same to the bit.</summary>
static class Rounding
{
    static readonly string[] Engine = ["torchsharp", "libtorch", "threads"];

    /// <summary>Absent when they do.</summary>
    public static string? DiffersBecause(EvidenceRecord stated, EvidenceRecord again)
    {
        var (one, other) = (stated.Machine, again.Machine);
        if (one.Class != other.Class)
            return $"made on {one.Class}, replayed on {other.Class}";
        // Libraries choose their kernels by it.
        if (one.Facts.CpuVendor != other.Facts.CpuVendor)
            return $"made on a processor of {one.Facts.CpuVendor}, replayed on one of {other.Facts.CpuVendor}";
        var differing = Engine.FirstOrDefault(name => Version(stated, name) != Version(again, name));
        return differing is null ? null : $"made with {differing} {Version(stated, differing)}, replayed with {Version(again, differing)}";
    }

    static string Version(EvidenceRecord record, string name) => record.Versions.GetValueOrDefault(name, "unknown");
}
