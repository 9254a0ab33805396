namespace MlPerfEdu.Zoo;

/// <summary>A state of fixed size that every token reads and writes, however long the sequence.</summary>
sealed class SsmRule : ScalingRule
{
    public override double StateTrips => 2;

    public override ByteCount State(Model model, Dtype dtype, int context)
    {
        var channels = model.Hidden!.Value * (double)(model.Expansion ?? 1);
        return new(model.Layers!.Value * channels * (model.State!.Value + (model.Convolution ?? 0)) * dtype.Bytes());
    }

    /// <summary>As MLSys·im has it: as wide as the model, without the convolution.</summary>
    public static ByteCount OriginalState(Model model, Dtype dtype) =>
        new(model.Layers!.Value * (double)model.Hidden!.Value * model.State!.Value * dtype.Bytes());
}
