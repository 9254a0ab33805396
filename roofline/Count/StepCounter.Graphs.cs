namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    /// <summary>Features times weights, then each node's mean over its neighbours, then a bias. The nodes are the batch.</summary>
    /// <param name="edges">Stored elements of the adjacency; absent for a dense one.</param>
    public StepCounter GraphConvolution(string layer, long outputs, long? edges = null) =>
        Linear($"{layer} transform", outputs, bias: false).Propagate($"{layer} propagate", edges).Bias($"{layer} bias");

    /// <summary>The adjacency times the features. The adjacency is a constant: it has no gradient, the features have one.</summary>
    public StepCounter Propagate(string layer, long? edges = null)
    {
        Expect(2, layer);
        return Append(edges is { } stored
            ? PropagationCount.Sparse(layer, shape[0], shape[1], stored, dataGradient)
            : PropagationCount.Dense(layer, shape[0], shape[1], dataGradient));
    }

    public StepCounter Bias(string layer) => AppendWithParameters(BiasCount.Of(layer, shape, Gradients), 1);
}
