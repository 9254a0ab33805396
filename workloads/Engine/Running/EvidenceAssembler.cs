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
    public const string DeclaredConstraint = "data tier as declared";
    public const string RecordedConstraint = "libtorch ran what the layers count";
    public const string SizeConstraint = "model fits at one byte per parameter";

    public static IReadOnlyList<ValidityLine> Validity(WorkloadEntry entry, DataChoice choice, ITrainingWorkload workload, Scores scored, QualityRecord quality, StepMeasurement measurement)
    {
        var lines = new List<ValidityLine>(QualityValidity.Lines(quality))
        {
            new("the whole evaluation split is scored", scored.Samples == workload.EvaluationSamples, $"{scored.Samples} of {workload.EvaluationSamples} samples"),
        };
        lines.AddRange(Common(workload.CheckInvariants(), workload.Data, choice, measurement));
        lines.AddRange(Size(entry));
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
        foreach (var line in Declared(data.DataSet, Tier(data.Tier), choice).Concat(Recorded(measurement)))
            yield return line;
    }

    /// <summary>A proxy or a part must never pass for the real thing.</summary>
    public static IEnumerable<ValidityLine> Declared(string dataset, string tier, DataChoice choice) =>
        [new(DeclaredConstraint, tier == choice.Tier, $"{dataset} is {tier}, workloads.yaml says {choice.Tier}")];

    public static IEnumerable<ValidityLine> Recorded(StepMeasurement measurement) => measurement.RecordedCalls is null
        ? []
        : [new(RecordedConstraint, measurement.Recording == StepMeasurement.RecordingAgrees, measurement.Recording)];

    public static IEnumerable<ValidityLine> Size(WorkloadEntry entry) => entry.MaxModelKb is not { } limit
        ? []
        : [new(SizeConstraint, entry.Params / 1024.0 <= limit, Invariant($"{entry.Params / 1024.0:0.0} KB, at most {limit} KB"))];

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
