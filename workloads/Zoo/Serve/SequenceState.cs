namespace MlPerfEdu.Zoo;

/// <summary>What one sequence keeps between tokens: keys and values that grow, or a state that does not.</summary>
public static class SequenceState
{
    public static ByteCount Of(Model model, Dtype dtype, int context, Rules rules = Rules.Ours) =>
        rules == Rules.Reference && model.Architecture == Architecture.Ssm
            ? SsmRule.OriginalState(model, dtype)
            : ScalingRule.Of(model.Architecture).State(model, dtype, context);
}
