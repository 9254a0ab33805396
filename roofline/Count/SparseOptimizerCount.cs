namespace MlPerfEdu.Roofline.Count;

/// <summary>Updates of single rows. The gradients of a row that was looked up more than once are added up first.</summary>
static class SparseOptimizerCount
{
    public static LayerCount Adam(string layer, SparseRows rows) =>
        // First moment 3, second 4, root, correction, epsilon 3, divide, scale, subtract 3; parameters and two moments read and written.
        Of(layer, "sparse adam", rows, flops: 13, words: 7, stateWords: 2);

    public static LayerCount Sgd(string layer, SparseRows rows) => Of(layer, "sparse sgd", rows, flops: 2, words: 3, stateWords: 0);

    static LayerCount Of(string layer, string kind, SparseRows rows, int flops, int words, int stateWords) => new()
    {
        Layer = layer,
        Kind = kind,
        Output = [],
        Optimizer = new Work(0, rows.Listed, Fp32.Bytes * (rows.Listed + rows.Touched), rows.Tables)
            + new Work(0, flops * rows.Touched, Fp32.Bytes * words * rows.Touched, rows.Tables),
        UniqueBytes = Fp32.Bytes * stateWords * rows.Touched,
    };
}
