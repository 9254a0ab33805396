namespace MlPerfEdu.Roofline.Count;

/// <summary>A constant matrix of nodes × nodes times nodes × features.</summary>
public static class PropagationCount
{
    const int IndexBytes = 8;

    public static LayerCount Dense(string layer, long nodes, long features, bool dataGradient)
    {
        var product = new ProductShape(1, nodes, nodes, features);
        var count = ProductCount.Of(layer, "propagation", [nodes, features], product, leftGradient: false, rightGradient: dataGradient);
        return count with { UniqueBytes = count.UniqueBytes + Fp32.Bytes * nodes * nodes };
    }

    /// <summary>A multiply-add per stored element and feature; the elements come with two indices each.</summary>
    public static LayerCount Sparse(string layer, long nodes, long features, long edges, bool dataGradient)
    {
        var (macs, x) = (edges * features, nodes * features);
        var adjacency = edges * (Fp32.Bytes + 2 * IndexBytes);
        var passes = dataGradient ? 2 : 1;
        var pass = new Work(2 * macs, 0, adjacency + Fp32.Bytes * 2 * x, 1);
        return new LayerCount
        {
            Layer = layer,
            Kind = "sparse propagation",
            Output = [nodes, features],
            ForwardMacs = macs,
            Forward = pass,
            DataGradient = dataGradient ? pass : default,
            UniqueBytes = adjacency + Fp32.Bytes * x,
            Operators = [new OperatorCount(OperatorKey.SparseMatmul(2 * macs), passes, passes * 2 * macs)],
        };
    }
}
