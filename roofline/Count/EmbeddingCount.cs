namespace MlPerfEdu.Roofline.Count;

/// <summary>Look-ups move bytes; they multiply nothing.</summary>
public static class EmbeddingCount
{
    const int IdBytes = 8;

    public static LayerCount Of(string layer, EmbeddingShape shape, TableGradient kind, Gradients gradients)
    {
        shape.Check(layer);
        var ids = IdBytes * shape.Lookups;
        return new LayerCount
        {
            Layer = layer,
            Kind = "embedding",
            Output = [shape.Lookups, shape.Width],
            Parameters = shape.Table,
            Forward = new Work(0, 0, ids + Fp32.Bytes * (shape.Touched + shape.Result), 1),
            WeightGradient = gradients.Weights ? Scatter(shape, kind, shape.Result) : default,
            UniqueBytes = Fp32.Bytes * (TableWords(shape, kind, gradients) + shape.Result),
        };
    }

    /// <summary>Rows are added up per bag as they are read; the rows themselves are never written.</summary>
    public static LayerCount Bag(string layer, EmbeddingShape shape, long bags, TableGradient kind, Gradients gradients)
    {
        shape.Check(layer);
        var y = bags * shape.Width;
        return new LayerCount
        {
            Layer = layer,
            Kind = "embedding bag",
            Output = [bags, shape.Width],
            Parameters = shape.Table,
            Forward = new Work(0, shape.Result, IdBytes * (shape.Lookups + bags) + Fp32.Bytes * (shape.Touched + y), 1),
            WeightGradient = gradients.Weights ? Scatter(shape, kind, y) : default,
            UniqueBytes = Fp32.Bytes * (TableWords(shape, kind, gradients) + y),
        };
    }

    /// <summary>The table is another layer's: its rows are read again, a gradient of its size is added to the one there.</summary>
    public static LayerCount Shared(LayerCount count, EmbeddingShape shape, TableGradient kind, Gradients gradients)
    {
        var dense = kind == TableGradient.Dense && gradients.Weights;
        return count with
        {
            Kind = $"shared {count.Kind}",
            Parameters = 0,
            WeightGradient = count.WeightGradient + (dense ? Accumulation.Of(shape.Table) : default),
            // Other rows of the same table are other bytes, unless the whole table was counted already.
            UniqueBytes = count.UniqueBytes - (dense ? Fp32.Bytes * TableWords(shape, kind, gradients) : 0),
        };
    }

    // A dense gradient is zeros everywhere, then sums in the rows looked up; a sparse one is the list of rows with their gradients.
    static Work Scatter(EmbeddingShape shape, TableGradient kind, long incoming) => kind == TableGradient.Dense
        ? new Work(0, shape.Result, IdBytes * shape.Lookups + Fp32.Bytes * (incoming + shape.Table + 2 * shape.Touched), 2)
        : new Work(0, 0, 2 * IdBytes * shape.Lookups + Fp32.Bytes * (incoming + shape.Result), 1);

    // The update of a dense gradient reads and writes the whole table.
    static long TableWords(EmbeddingShape shape, TableGradient kind, Gradients gradients) => (gradients.Weights, kind) switch
    {
        (false, _) => shape.Touched,
        (true, TableGradient.Dense) => 2 * shape.Table,
        _ => shape.Touched + shape.Result,
    };
}
