namespace MlPerfEdu.Zoo;

/// <summary>One model on one device.</summary>
public readonly record struct Question(Model Model, Device Device)
{
    public int Batch { get; init; } = 1;
    public Dtype Dtype { get; init; } = Dtype.Fp16;
    /// <summary>Tokens that each sequence has already; in training, its length.</summary>
    public int Context { get; init; }
    public bool Training { get; init; }
    public Recompute Recompute { get; init; }
    public Heuristics Heuristics { get; init; } = Heuristics.Usual;
    public Rules Rules { get; init; }

    internal void Check()
    {
        if (Batch < 1) throw ZooErrors.OutOfRange("a batch of", Batch, "at least 1");
        if (Context < 0) throw ZooErrors.OutOfRange("a context of", Context, "at least 0 tokens");
        if (Training && Model.Generates && Context < 1)
            throw ZooErrors.OutOfRange("training with a context of", Context, "the length of a sequence");
        if (Context > 0 && !Model.Generates) throw ZooErrors.NoContext(Model);
        Heuristics.Check();
    }
}

/// <summary>Which activations training computes a second time instead of keeping them.</summary>
public enum Recompute
{
    None,
    Selective, // those of attention
    Full,      // all but each layer's input
}

/// <summary>Which formulas are used; README.md lists where they differ.</summary>
public enum Rules
{
    Ours,
    Reference, // those of MLSys·im; Model.Original and Device.Original are its entries
}

/// <summary>The three numbers that no data sheet gives.</summary>
/// <param name="Efficiency">Share of the peak that real kernels reach, above 0 and up to 1.</param>
/// <param name="LayerOverhead">What each layer adds to a pass, whatever it computes.</param>
/// <param name="ActivationTraffic">Bytes of activations per input, as a share of the weights, where the shapes are not known.</param>
public readonly record struct Heuristics(double Efficiency, Duration LayerOverhead, double ActivationTraffic)
{
    /// <summary>Those of MLSys·im.</summary>
    public static Heuristics Usual { get; } = new(0.5, Duration.FromMilliseconds(0.01), 0.1);

    internal void Check()
    {
        if (!(Efficiency is > 0 and <= 1)) throw ZooErrors.OutOfRange("an efficiency of", Efficiency, "more than 0 and at most 1");
        if (!(LayerOverhead.Value is >= 0 and < double.PositiveInfinity))
            throw ZooErrors.OutOfRange("an overhead per layer of", LayerOverhead.Value, "at least 0 s");
        if (!(ActivationTraffic is >= 0 and < double.PositiveInfinity))
            throw ZooErrors.OutOfRange("an activation traffic of", ActivationTraffic, "at least 0");
    }
}

/// <summary>What one batch of a model demands of any device.</summary>
/// <param name="Traffic">Bytes that come from memory.</param>
/// <param name="Footprint">Bytes that must be in memory together.</param>
/// <param name="Resident">Of them, those that a small fast memory would have to hold.</param>
/// <param name="Layers">Kernels that are started one after the other.</param>
public readonly record struct Demand(Flop Work, ByteCount Traffic, ByteCount Footprint, ByteCount Resident, double Layers)
{
    // Forward once, backward twice; recomputing repeats the forward pass.
    const double TrainingPasses = 3;

    // Adam reads and writes a master copy and two moments in fp32.
    const double OptimizerBytes = 24;

    internal static Demand Of(in Question question) =>
        question.Rules == Rules.Reference ? Original(question) : question.Training ? Train(question) : Infer(question);

    static Demand Infer(in Question question)
    {
        var (model, dtype, batch) = (question.Model, question.Dtype, question.Batch);
        var state = Scaling.State(model, dtype, question.Context) * batch;
        var activations = Activations.Of(question, batch);
        var passes = Scaling.Passes(model);
        return new(
            ((model.Work * passes) + Scaling.ContextWork(model, question.Context)) * batch,
            ((Scaling.Streamed(model, dtype, batch) + activations) * passes) + (state * Scaling.StateTrips(model)),
            model.Weights(dtype) + state,
            model.Weights(dtype),
            (model.Layers ?? 1) * passes);
    }

    static Demand Train(in Question question)
    {
        var (model, dtype) = (question.Model, question.Dtype);
        var units = question.Batch * (double)(model.Generates ? question.Context : 1);
        var once = Scaling.Streamed(model, dtype, units) + Activations.Of(question, units);
        var attention = Scaling.AttentionWork(model, 0, model.Generates ? question.Context : 0);
        var work = (model.Work * units) + (attention * question.Batch);
        var memory = TrainingMemory.OnOneDevice(question).Total;
        return new(
            work * (TrainingPasses + (question.Recompute == Recompute.Full ? 1 : 0)),
            (once * TrainingPasses) + (model.Parameters.As(dtype) * 2) + new ByteCount(model.Parameters.Value * OptimizerBytes),
            memory,
            memory,
            (model.Layers ?? 1) * TrainingPasses);
    }

    // As MLSys·im states it: weights once, a tenth of them per input, no context.
    static Demand Original(in Question question)
    {
        var model = question.Model;
        var weights = model.Weights(question.Dtype);
        var passes = !question.Training ? 1 : question.Recompute == Recompute.None ? 3 : 4;
        return new(
            model.Work * ((model.Steps ?? 1) * passes * (double)question.Batch),
            weights * (1 + (question.Heuristics.ActivationTraffic * question.Batch)),
            question.Training ? TrainingMemory.OnOneDevice(question).Total : weights,
            weights,
            (model.Layers ?? 1) * (question.Training ? 3.0 : 1.0));
    }
}

/// <summary>Bytes of activations that one pass writes and reads.</summary>
static class Activations
{
    // Of one token in one layer of a transformer, in multiples of its width (Korthikanti et al. 2022, table 2, for two bytes each).
    public const double PerTokenAndLayer = 34;

    /// <param name="units">Inputs, images, sequences or tokens.</param>
    public static ByteCount Of(in Question question, double units)
    {
        var (model, dtype) = (question.Model, question.Dtype);
        // Where the shapes are known, they tell; a tenth of the weights is far from the truth for one token.
        return model is { Layers: { } layers, Hidden: { } hidden }
            ? new(units * model.Sequence * layers * PerTokenAndLayer * hidden * dtype.Bytes() / 2)
            : model.Weights(dtype) * (question.Heuristics.ActivationTraffic * units);
    }
}
