namespace MlPerfEdu.Zoo;

/// <summary>What one device holds while it trains.</summary>
public readonly record struct TrainingMemory(
    ByteCount Weights, ByteCount Gradients, ByteCount Optimizer, ByteCount Activations, ByteCount Buffers)
{
    // Communication buffers, as a share of the gradients.
    const double BufferShare = 0.05;

    public ByteCount Total => Weights + Gradients + Optimizer + Activations + Buffers;

    public static TrainingMemory Of(in TrainingQuestion question)
    {
        question.Check();
        var model = question.Model;
        var parameters = model.Parameters;
        var weights = model.Weights(question.Dtype);
        var gradients = parameters.As(question.Dtype);
        var optimizer = new ByteCount(parameters.Value * (question.Optimizer == Zoo.Optimizer.Adam ? 12 : 4));
        var buffers = IsTransformer(model) ? gradients * BufferShare : default;
        return new(
            Share(weights, question, ZeroStage.Weights),
            Share(gradients, question, ZeroStage.Gradients),
            Share(optimizer, question, ZeroStage.Optimizer),
            ActivationsOf(model, question),
            buffers);
    }

    static ByteCount Share(ByteCount bytes, in TrainingQuestion question, ZeroStage from) =>
        question.Zero >= from ? bytes * (1.0 / question.Devices) : bytes;

    // Korthikanti et al. 2022: per layer 34 s b h + 5 a s^2 b bytes in 16 bits, without attention's part or with the layer's input alone.
    static ByteCount ActivationsOf(Model model, in TrainingQuestion question)
    {
        if (!IsTransformer(model) || model is not { Layers: { } layers, Hidden: { } hidden })
            return question.Rules == Rules.Reference
                ? default
                : model.Weights(question.Dtype) * (question.Heuristics.ActivationTraffic * question.Batch);
        var tokens = (double)question.Batch * (model.Unit == WorkUnit.Sequence ? model.Sequence : question.Sequence);
        var layer = question.Recompute switch
        {
            Recompute.Full => 2 * tokens * hidden,
            Recompute.Selective => Zoo.Activations.PerTokenAndLayer * tokens * hidden,
            _ => (Zoo.Activations.PerTokenAndLayer * tokens * hidden) + (5.0 * (model.Heads ?? 0) * tokens * tokens / question.Batch),
        };
        return new(layers * layer * question.Dtype.Bytes() / 2);
    }

    static bool IsTransformer(Model model) => model.Architecture is Architecture.Transformer or Architecture.SparseMoe;
}
