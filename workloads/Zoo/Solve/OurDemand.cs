namespace MlPerfEdu.Zoo;

/// <summary>The demand by the rule of the architecture.</summary>
static class OurDemand
{
    // Forward once, backward twice; recomputing repeats the forward pass.
    const double TrainingWork = 3;

    // Adam reads and writes a master copy and two moments in fp32.
    const double OptimizerBytes = 24;

    public static Demand Of(in Question question)
    {
        var rule = ScalingRule.Of(question.Model.Architecture);
        return question.Training ? Train(rule, question) : Infer(rule, question);
    }

    static Demand Infer(ScalingRule rule, in Question question)
    {
        var (model, dtype, batch) = (question.Model, question.Dtype, question.Batch);
        var state = rule.State(model, dtype, question.Context) * batch;
        var activations = Activations.Of(question, batch);
        var passes = rule.Passes(model);
        return new(
            ((model.Work * passes) + rule.ContextWork(model, question.Context)) * batch,
            ((rule.Streamed(model, dtype, batch) + activations) * passes) + (state * rule.StateTrips),
            model.Weights(dtype) + state,
            model.Weights(dtype),
            (model.Layers ?? 1) * passes);
    }

    static Demand Train(ScalingRule rule, in Question question)
    {
        var (model, dtype) = (question.Model, question.Dtype);
        var units = question.Batch * (double)(model.Generates ? question.Context : 1);
        var once = rule.Streamed(model, dtype, units) + Activations.Of(question, units);
        var work = (model.Work * units) + (CausalAttention.Work(model, 0, model.Generates ? question.Context : 0) * question.Batch);
        var memory = TrainingMemory.Of(new(model)
        {
            Batch = question.Batch,
            Sequence = Math.Max(question.Context, 1),
            Dtype = dtype,
            Recompute = question.Recompute,
            Heuristics = question.Heuristics,
        });
        return new(
            work * (TrainingWork + (question.Recompute == Recompute.Full ? 1 : 0)),
            (once * TrainingWork) + (model.Parameters.As(dtype) * 2) + new ByteCount(model.Parameters.Value * OptimizerBytes),
            memory.Total,
            memory.Total,
            (model.Layers ?? 1) * TrainingWork);
    }
}
