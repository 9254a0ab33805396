using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>The step of one model, counted from its layers, and to which part of the step each layer belongs.</summary>
static class StoriesCount
{
    public static StepCount Of(StoriesSize size)
    {
        var attention = new AttentionShape(size.Heads) { KeyValueHeads = size.KeyValueHeads, Causal = true, Bias = false, Rotary = true };
        var counter = StepCounter.OfTokens(1, size.Positions).Embedding("embedding", size.Vocabulary, size.Width);
        for (var i = 0; i < size.Layers; i++)
        {
            counter
                .Residual("attention sum", body => body.RmsNorm("norm 1").SelfAttention("attention", attention))
                .Residual("ffn sum", body => body.RmsNorm("norm 2").SwiGlu("ffn", size.Hidden));
        }

        return counter.RmsNorm("norm").TiedLinear("classifier", size.Vocabulary).CrossEntropy().Adam(UpdateStyle.Flat).Build();
    }

    public static IReadOnlyDictionary<(StepPart Part, Pass Pass), long> FlopsByPart(StepCount count) => count.Layers
        .SelectMany(layer => new[]
        {
            (Key: (PartOf(layer), Pass.Forward), Flops: layer.Forward.Flops),
            (Key: (PartOf(layer), Pass.Backward), Flops: layer.DataGradient.Flops + layer.WeightGradient.Flops),
        })
        .GroupBy(row => row.Key, row => row.Flops)
        .ToDictionary(group => group.Key, group => group.Sum());

    public static StepPart PartOf(LayerCount layer) => layer.Layer switch
    {
        "input" => StepPart.Data,
        "embedding" => StepPart.Embedding,
        "attention rotary" or "attention scores" or "attention softmax" or "attention values" => StepPart.AttentionCore,
        "classifier" => StepPart.Classifier,
        "loss" => StepPart.Loss,
        "optimizer" => StepPart.Optimizer,
        var name when name.StartsWith("norm", StringComparison.Ordinal) => StepPart.Norm,
        var name when name.StartsWith("ffn", StringComparison.Ordinal) => StepPart.Ffn,
        var name when name.StartsWith("attention", StringComparison.Ordinal) => StepPart.AttentionLinear,
        var name => throw new InvalidOperationException($"Layer '{name}' belongs to no part of the step; name its part here."),
    };
}
