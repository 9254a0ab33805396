namespace MlPerfEdu.Zoo;

/// <summary>The demand as MLSys·im states it: weights once, a tenth of them per input, no context.</summary>
static class OriginalDemand
{
    public static Demand Of(in Question question)
    {
        var model = question.Model;
        var weights = model.Weights(question.Dtype);
        var passes = !question.Training ? 1 : question.Recompute == Recompute.None ? 3 : 4;
        var footprint = question.Training ? TrainingMemory.Of(TrainingOf(question)).Total : weights;
        return new(
            model.Work * ((model.Steps ?? 1) * passes * (double)question.Batch),
            weights * (1 + (question.Heuristics.ActivationTraffic * question.Batch)),
            footprint,
            weights,
            (model.Layers ?? 1) * (question.Training ? 3.0 : 1.0));
    }

    static TrainingQuestion TrainingOf(in Question question) => new(question.Model)
    {
        Batch = question.Batch,
        Sequence = Math.Max(question.Context, 1),
        Dtype = question.Dtype,
        Recompute = question.Recompute,
        Rules = Rules.Reference,
    };
}
