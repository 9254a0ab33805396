namespace MlPerfEdu.Zoo;

/// <summary>Serving as MLSys·im has it: all parameters in the prompt, square attention, decoding by bandwidth alone.</summary>
static class OriginalServing
{
    public static Serving Solve(in ServingQuestion question)
    {
        var (model, device) = (question.Model, question.Device);
        if (model.Architecture == Architecture.Ssm) throw ZooErrors.NotInReference(model);
        var (dtype, batch, prompt) = (question.Dtype, (double)question.Batch, (double)question.Prompt);
        var fresh = Math.Max(1, question.Prompt - question.CachedPrefix);
        var cache = KvCache.PerSequence(model, dtype, KvCache.Paged(question.Prompt, question.Page)) * batch;
        var (layers, heads, hidden) = (model.Layers!.Value, model.Heads!.Value, model.Hidden!.Value);

        var work = new Flop((2 * model.Parameters.Value * fresh * batch)
            + (4.0 * layers * heads * (hidden / heads) * fresh * prompt * batch));
        var first = (work / (device.Peaks.Of(dtype) * question.Heuristics.Efficiency)) + (device.Dispatch * question.Chunks);
        var weights = model.Weights(dtype);
        var next = ((weights + cache) / device.Bandwidth) + (question.Heuristics.LayerOverhead * layers);
        return new(first, next, weights, cache, KvCache.Waste(question.Prompt, question.Page), (weights + cache) / device.Capacity);
    }
}
