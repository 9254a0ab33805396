namespace MlPerfEdu.Zoo;

/// <summary>Serving by the rule of the architecture; the next token is a pass of <see cref="SingleNode"/>.</summary>
static class OurServing
{
    public static Serving Solve(in ServingQuestion question)
    {
        var (model, device, dtype, batch) = (question.Model, question.Device, question.Dtype, question.Batch);
        var rule = ScalingRule.Of(model.Architecture);
        var kept = KvCache.Paged(question.Prompt, question.Page);
        var cache = rule.State(model, dtype, kept) * batch;
        var weights = model.Weights(dtype);
        var next = SingleNode.Solve(new(model, device) { Batch = batch, Dtype = dtype, Context = kept, Heuristics = question.Heuristics });
        return new(FirstToken(rule, question), next.Latency, weights, cache, KvCache.Waste(question.Prompt, question.Page),
            (weights + cache) / device.Capacity);
    }

    // Each chunk reads the weights its tokens touch, and starts every layer.
    static Duration FirstToken(ScalingRule rule, in ServingQuestion question)
    {
        var (model, device, dtype, batch, chunks) = (question.Model, question.Device, question.Dtype, question.Batch, question.Chunks);
        var fresh = Math.Max(1, question.Prompt - question.CachedPrefix);
        var work = ((model.Work * fresh) + CausalAttention.Work(model, question.Prompt - fresh, fresh)) * batch;
        var tokens = (double)fresh * batch;
        var pass = new Question(model, device) { Dtype = dtype, Heuristics = question.Heuristics };
        var traffic = (rule.Streamed(model, dtype, tokens / chunks) * chunks) + Activations.Of(pass, tokens)
            + (rule.State(model, dtype, question.Prompt) * batch);
        var compute = work / (device.Peaks.Of(dtype) * question.Heuristics.Efficiency);
        var starts = device.Dispatch + (question.Heuristics.LayerOverhead * (model.Layers ?? 1));
        return Duration.Max(compute, traffic / device.Bandwidth) + (starts * chunks);
    }
}
