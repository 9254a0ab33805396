namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    /// <summary>down(silu(gate(x))·up(x)).</summary>
    public StepCounter SwiGlu(string layer, long hidden, bool bias = false)
    {
        var width = shape[^1];
        return Product(
                $"{layer} product",
                gate => gate.Linear($"{layer} gate", hidden, bias).Silu($"{layer} silu"),
                up => up.Linear($"{layer} up", hidden, bias))
            .Linear($"{layer} down", width, bias);
    }

    /// <summary>What a layer makes, plus what two thin matrices make.</summary>
    /// <remarks>The matrices are trained, also within <see cref="Frozen"/>; the layer is not.</remarks>
    public StepCounter LowRankAdapter(string layer, long rank, Action<StepCounter> body)
    {
        long outputs = 0;
        return Residual(
            $"{layer} sum",
            counter => outputs = counter.Frozen(body).Shape[^1],
            counter => counter.WithParameters(Adapter, trained: true));

        void Adapter(StepCounter counter) => counter
            .Linear($"{layer} a", rank, bias: false)
            .Linear($"{layer} b", outputs, bias: false)
            .Elementwise($"{layer} scale", "scale", 1, 1);
    }
}
