namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    SparseRows sparse;

    /// <param name="uniqueRows">Different rows of this batch, exact or expected; as many as there can be when absent.</param>
    /// <param name="shared">The table belongs to an earlier layer.</param>
    public StepCounter Embedding(
        string layer, long rows, long width, long? uniqueRows = null, TableGradient gradient = TableGradient.Dense, bool shared = false)
    {
        var table = Table(rows, width, uniqueRows);
        var count = EmbeddingCount.Of(layer, table, gradient, Gradients) with { Output = [.. shape, width] };
        return Lookup(count, table, gradient, shared);
    }

    /// <summary>The rows of each sample's tokens, added up: batch × width.</summary>
    public StepCounter EmbeddingBag(
        string layer, long rows, long width, long? uniqueRows = null, TableGradient gradient = TableGradient.Dense, bool shared = false)
    {
        var table = Table(rows, width, uniqueRows);
        return Lookup(EmbeddingCount.Bag(layer, table, shape[0], gradient, Gradients), table, gradient, shared);
    }

    /// <summary>A learned vector per position is added.</summary>
    public StepCounter Positions(string layer, long context)
    {
        Expect(3, layer);
        return AppendWithParameters(PositionCount.Of(layer, shape, context, Gradients), 1);
    }

    EmbeddingShape Table(long rows, long width, long? uniqueRows)
    {
        var lookups = Shapes.Elements(shape);
        return new EmbeddingShape(rows, width, lookups, uniqueRows ?? Math.Min(rows, lookups));
    }

    StepCounter Lookup(LayerCount count, EmbeddingShape table, TableGradient gradient, bool shared)
    {
        var row = shared ? EmbeddingCount.Shared(count, table, gradient, Gradients) : count;
        if (gradient == TableGradient.Dense || !Gradients.Weights)
            return AppendWithParameters(row, shared ? 0 : 1);
        sparse = new SparseRows(
            sparse.Parameters + row.Parameters, sparse.Listed + table.Result, sparse.Touched + table.Touched,
            sparse.Tables + (shared ? 0 : 1));
        return AppendWithParameters(row, 0);
    }
}

/// <summary>What the tables with sparse gradients leave to their optimizer.</summary>
/// <param name="Parameters">Numbers in all tables.</param>
/// <param name="Listed">Numbers of the gradient, a row as often as it was looked up.</param>
/// <param name="Touched">Numbers of the different rows.</param>
/// <param name="Tables">How many tables.</param>
readonly record struct SparseRows(long Parameters, long Listed, long Touched, int Tables);
