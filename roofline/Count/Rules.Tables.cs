namespace MlPerfEdu.Roofline.Count;

/// <summary>Rows of a table, looked up by number.</summary>
/// <param name="Lookups">Numbers that are looked up in one step.</param>
/// <param name="UniqueRows">Different rows among them: exact where the data are known, expected otherwise.</param>
public sealed record EmbeddingShape(long Rows, long Width, long Lookups, long UniqueRows)
{
    public long Table => Rows * Width;

    public long Touched => UniqueRows * Width;

    public long Result => Lookups * Width;

    /// <summary>What uniform draws find: rows·(1 − (1 − 1/rows)^draws).</summary>
    public static long ExpectedUniqueRows(long rows, long draws) =>
        (long)Math.Round(-rows * Math.Exp(draws * Math.Log(1 - 1.0 / rows)) + rows);

    public void Check(string layer)
    {
        if (UniqueRows < 1 || UniqueRows > Math.Min(Rows, Lookups))
        {
            throw new ArgumentException(
                $"Layer '{layer}' touches {UniqueRows} different rows; "
                + $"{Lookups} look-ups in {Rows} rows touch from 1 to {Math.Min(Rows, Lookups)}. Give a number in between.");
        }
    }
}

/// <summary>How the gradient of a table is kept: as large as the table, or only the rows that were looked up.</summary>
public enum TableGradient
{
    Dense,
    Sparse,
}

/// <summary>Look-ups move bytes; they multiply nothing.</summary>
public static class EmbeddingCount
{
    const int IdBytes = 8;

    public static LayerCount Of(string layer, EmbeddingShape shape, TableGradient kind, Gradients gradients)
    {
        shape.Check(layer);
        var ids = IdBytes * shape.Lookups;
        return LayerCount.Of(layer, "embedding", [shape.Lookups, shape.Width]) with
        {
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
        return LayerCount.Of(layer, "embedding bag", [bags, shape.Width]) with
        {
            Parameters = shape.Table,
            Forward = new Work(0, shape.Result, IdBytes * (shape.Lookups + bags) + Fp32.Bytes * (shape.Touched + y), 1),
            WeightGradient = gradients.Weights ? Scatter(shape, kind, y) : default,
            UniqueBytes = Fp32.Bytes * (TableWords(shape, kind, gradients) + y),
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

/// <summary>A learned vector per position, added to every sample.</summary>
public static class PositionCount
{
    public static LayerCount Of(string layer, IReadOnlyList<long> shape, long context, Gradients gradients)
    {
        if (shape[^2] > context)
        {
            throw new ArgumentException(
                $"Layer '{layer}' has vectors for {context} positions and gets {shape[^2]}; enlarge the context or shorten the input.");
        }

        var x = Shapes.Elements(shape);
        var used = shape[^2] * shape[^1];
        var table = context * shape[^1];
        return LayerCount.Of(layer, "positions", shape) with
        {
            Parameters = table,
            Forward = Work.Pass(x, 2 * x + used),
            // The sum over the samples, put into a gradient as large as the table.
            WeightGradient = gradients.Weights
                ? Work.Pass(x, x + used) + Work.Pass(0, table + 2 * used, 2)
                : default,
            UniqueBytes = Fp32.Bytes * ((gradients.Weights ? 2 * table : used) + x),
        };
    }
}
