namespace MlPerfEdu.Zoo;

/// <summary>A model in training on one of many devices that share the batch.</summary>
public readonly record struct TrainingQuestion(Model Model)
{
    /// <summary>Sequences or inputs of one device.</summary>
    public int Batch { get; init; } = 1;
    /// <summary>Tokens of a sequence.</summary>
    public int Sequence { get; init; } = 1024;
    public Dtype Dtype { get; init; } = Dtype.Fp16;
    public Recompute Recompute { get; init; } = Recompute.None;
    public Optimizer Optimizer { get; init; } = Optimizer.Adam;
    public ZeroStage Zero { get; init; } = ZeroStage.None;
    /// <summary>Devices that share what ZeRO divides.</summary>
    public int Devices { get; init; } = 1;
    public Heuristics Heuristics { get; init; } = Heuristics.Usual;
    public Rules Rules { get; init; }

    internal void Check()
    {
        if (Batch < 1) throw ZooErrors.OutOfRange("a batch of", Batch, "at least 1");
        if (Sequence < 1) throw ZooErrors.OutOfRange("a sequence of", Sequence, "at least 1 token");
        if (Devices < 1) throw ZooErrors.OutOfRange("devices of", Devices, "at least 1");
    }
}

public enum Optimizer
{
    Adam, // a master copy and two moments in fp32: 12 bytes per parameter
    Sgd,  // a master copy in fp32: 4 bytes per parameter
}

/// <summary>What each device keeps only its share of (Rajbhandari et al. 2020).</summary>
public enum ZeroStage { None, Optimizer, Gradients, Weights }

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
        var gradients = model.Parameters.As(question.Dtype);
        var optimizer = new ByteCount(model.Parameters.Value * (question.Optimizer == Zoo.Optimizer.Adam ? 12 : 4));
        return new(
            Share(model.Weights(question.Dtype), question, ZeroStage.Weights),
            Share(gradients, question, ZeroStage.Gradients),
            Share(optimizer, question, ZeroStage.Optimizer),
            ActivationsOf(model, question),
            model.HasAttention ? gradients * BufferShare : default);
    }

    internal static TrainingMemory OnOneDevice(in Question question) => Of(new TrainingQuestion(question.Model)
    {
        Batch = question.Batch,
        Sequence = Math.Max(question.Context, 1),
        Dtype = question.Dtype,
        Recompute = question.Recompute,
        Heuristics = question.Heuristics,
        Rules = question.Rules,
    });

    static ByteCount Share(ByteCount bytes, in TrainingQuestion question, ZeroStage from) =>
        question.Zero >= from ? bytes * (1.0 / question.Devices) : bytes;

    // Korthikanti et al. 2022: per layer 34 s b h + 5 a s^2 b bytes in 16 bits, without attention's part or with the layer's input alone.
    static ByteCount ActivationsOf(Model model, in TrainingQuestion question)
    {
        if (!model.HasAttention || model is not { Layers: { } layers, Hidden: { } hidden })
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
}
