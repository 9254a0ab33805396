namespace MlPerfEdu.Zoo;

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
