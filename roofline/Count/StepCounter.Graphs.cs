namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    long stored;

    /// <summary>Features times weights, then each node's mean over its neighbours, then a bias. The nodes are the batch.</summary>
    /// <param name="edges">Stored elements of the adjacency; absent for a dense one.</param>
    public StepCounter GraphConvolution(string layer, long outputs, long? edges = null) =>
        Linear($"{layer} transform", outputs, bias: false).Propagate($"{layer} propagate", edges).Bias($"{layer} bias");

    /// <summary>The adjacency times the features. The adjacency is a constant: it has no gradient, the features have one.</summary>
    /// <param name="ownKernel">A kernel of this project multiplies, of which libtorch sees nothing.</param>
    public StepCounter Propagate(string layer, long? edges = null, bool ownKernel = false)
    {
        Expect(2, layer);
        return Append(edges is { } stored
            ? Seen(PropagationCount.Sparse(layer, shape[0], shape[1], stored, dataGradient), ownKernel)
            : PropagationCount.Dense(layer, shape[0], shape[1], dataGradient));
    }

    /// <summary>Samples of which few numbers are stored, and which stay where they are from step to step.</summary>
    public static StepCounter OfSparseRows(int rows, long columns, long stored) =>
        new StepCounter(rows) { stored = stored }.Append(new LayerCount
        {
            Layer = "input",
            Kind = "sparse input",
            Output = [rows, columns],
            UniqueBytes = SparseLinearCount.Bytes(stored),
        });

    /// <summary>Of sparse samples only what is stored is drawn for.</summary>
    public StepCounter DropoutOfStored(string layer)
    {
        var samples = shape;
        if (training) Append(DropoutCount.Of(layer, [stored], dataGradient));
        shape = samples;
        return this;
    }

    /// <summary>Sparse samples times weights.</summary>
    public StepCounter SparseLinear(string layer, long outputs, bool ownKernel = false)
    {
        Expect(2, layer);
        return AppendWithParameters(Seen(SparseLinearCount.Of(layer, shape[0], shape[1], outputs, stored, Gradients), ownKernel), 1);
    }

    static LayerCount Seen(LayerCount layer, bool ownKernel) => ownKernel ? layer with { Operators = [] } : layer;

    /// <summary>Some of the rows, such as those with a label; backwards zeros everywhere, then their gradients.</summary>
    public StepCounter Rows(string layer, long rows)
    {
        Expect(2, layer);
        var (all, taken) = (Shapes.Elements(shape), rows * shape[1]);
        return Append(new LayerCount
        {
            Layer = layer,
            Kind = "rows",
            Output = [rows, shape[1]],
            Forward = new Work(0, 0, Fp32.Bytes * 2 * taken + IdBytes * rows, 1),
            DataGradient = dataGradient ? new Work(0, taken, Fp32.Bytes * (all + 3 * taken) + IdBytes * rows, 2) : default,
            UniqueBytes = Fp32.Bytes * taken + IdBytes * rows,
        });
    }

    public StepCounter Bias(string layer) => AppendWithParameters(BiasCount.Of(layer, shape, Gradients), 1);
}
