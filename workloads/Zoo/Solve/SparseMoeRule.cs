namespace MlPerfEdu.Zoo;

/// <summary>A transformer that holds all of its experts, computes with few, and reads those that any token of the batch chose.</summary>
sealed class SparseMoeRule : TransformerRule
{
    /// <remarks>
    /// Total and active parameters are dense + E experts and dense + k experts, which gives both. When tokens choose
    /// independently, an expert is left alone by all of n tokens with probability (1 - k/E)^n.
    /// </remarks>
    public override ByteCount Streamed(Model model, Dtype dtype, double units)
    {
        var (experts, chosen) = (model.Experts!.Value, model.ExpertsPerToken!.Value);
        var expert = (model.Parameters - model.Active) * (1.0 / (experts - chosen));
        var dense = model.Active - (expert * chosen);
        var touched = experts * (1 - Math.Pow(1 - ((double)chosen / experts), units));
        return (dense + (expert * touched)).As(dtype);
    }
}
