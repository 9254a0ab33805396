using System.Globalization;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Engine.Running;

/// <summary>Turns a run into the records of its evidence.</summary>
static class EvidenceAssembler
{
    public static IReadOnlyList<ValidityLine> Validity(WorkloadEntry entry, DataChoice choice, ITrainingWorkload workload, Scores scored, QualityRecord quality, StepMeasurement measurement)
    {
        var lines = new List<ValidityLine>(QualityValidity.Lines(quality))
        {
            new("the whole evaluation split is scored", scored.Samples == workload.EvaluationSamples, $"{scored.Samples} of {workload.EvaluationSamples} samples"),
        };
        lines.AddRange(Common(workload.CheckInvariants(), workload.Data, choice, measurement));
        if (entry.MaxModelKb is { } limit)
        {
            var kilobytes = entry.Params / 1024.0;
            lines.Add(new ValidityLine("model fits at one byte per parameter", kilobytes <= limit, Invariant($"{kilobytes:0.0} KB, at most {limit} KB")));
        }
        return lines;
    }

    public static IReadOnlyList<ValidityLine> Validity(
        DataChoice choice, IInferenceWorkload workload, ServingSession session, QualityRecord quality, StepMeasurement measurement) =>
    [
        .. QualityValidity.Lines(quality),
        .. LoadValidity.Lines(session.Serving.Load, session.Serving.Answers),
        .. Common(workload.CheckInvariants(), workload.Data, choice, measurement),
    ];

    static IEnumerable<ValidityLine> Common(IEnumerable<Invariant> invariants, Provenance data, DataChoice choice, StepMeasurement measurement)
    {
        foreach (var invariant in invariants)
            yield return new ValidityLine(invariant.Name, invariant.Holds, invariant.Found);
        // A proxy or a part must never pass for the real thing.
        var tier = Tier(data.Tier);
        yield return new ValidityLine("data tier as declared", tier == choice.Tier, $"{data.DataSet} is {tier}, workloads.yaml says {choice.Tier}");
        if (measurement.RecordedCalls is not null)
            yield return new ValidityLine("libtorch ran what the layers count", measurement.Recording == StepMeasurement.RecordingAgrees, measurement.Recording);
    }

    public static DataUse DataUse(Provenance data) =>
        new(data.DataSet, Tier(data.Tier), data.Files.ToDictionary(file => file.Name, file => file.Sha256, StringComparer.Ordinal));

    static string Tier(DataTier tier) => tier.ToString().ToLowerInvariant();

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>The software of a run, and the memory that it starts with.</summary>
static class RunEnvironment
{
    /// <summary>Frees the memory that the last workload's tensors left for reuse: it is not this workload's.</summary>
    public static void ReleaseUnusedMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // An ordinary collection keeps hundreds of megabytes of a probe's arrays for itself.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeProcess.ReleaseUnusedMemory();
    }

    public static PeakMemory StartPeakMemory()
    {
        ReleaseUnusedMemory();
        return PeakMemory.Start();
    }

    public static IReadOnlyDictionary<string, string> Versions()
    {
        var engine = Libtorch.Start();
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["dotnet"] = Environment.Version.ToString(),
            ["torchsharp"] = engine.TorchSharpVersion,
            ["libtorch"] = engine.Version,
            ["threads"] = engine.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }
}
