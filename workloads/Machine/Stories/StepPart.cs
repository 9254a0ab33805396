namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>What a moment of a training step is spent on.</summary>
enum StepPart
{
    Data,
    Embedding,
    AttentionLinear,
    AttentionCore,
    Ffn,
    Norm,
    Classifier,
    Loss,
    Optimizer,
}

enum Pass
{
    Forward,
    Backward,
}

static class StepParts
{
    public static IReadOnlyList<StepPart> All { get; } = Enum.GetValues<StepPart>();

    public static string Name(this StepPart part) => part switch
    {
        StepPart.AttentionLinear => "attention-linear",
        StepPart.AttentionCore => "attention-core",
        _ => part.ToString().ToLowerInvariant(),
    };

    /// <summary>Fetching data and updating parameters happen once; the rest forward and backward.</summary>
    public static IReadOnlyList<Pass> Passes(this StepPart part) =>
        part is StepPart.Data or StepPart.Optimizer ? [Pass.Forward] : [Pass.Forward, Pass.Backward];

    /// <summary>How evidence names it.</summary>
    public static string Point(StepPart part, Pass pass) =>
        part.Passes().Count == 1 ? part.Name() : $"{part.Name()} {pass.ToString().ToLowerInvariant()}";
}
