namespace MlPerfEdu.Roofline.Count;

/// <summary>Attention without its products with weights: H heads of d numbers each.</summary>
/// <param name="Queries">Positions that ask, of each sample.</param>
/// <param name="Keys">Positions that they may see; queries are the last of them.</param>
public sealed record AttentionSize(long Batch, long Heads, long Queries, long Keys, long Head)
{
    /// <summary>Masked scores are computed like any other, block by block: products do not know the mask.</summary>
    public bool Causal { get; init; }

    /// <summary>Causal queries are taken so many at a time, without scores that the last of them may not see; absent: all at once.</summary>
    public int? Block { get; init; }

    /// <summary>Queries, and the keys that the last of them may see.</summary>
    public IEnumerable<(long Queries, long Keys)> Blocks()
    {
        var size = Block ?? Queries;
        for (long from = 0; from < Queries; from += size)
        {
            var until = Math.Min(from + size, Queries);
            yield return (until - from, Keys - Queries + until);
        }
    }

    /// <summary>Scores of all heads.</summary>
    public long Scores => Batch * Heads * Blocks().Sum(block => block.Queries * block.Keys);
}

public static class AttentionCount
{
    /// <summary>Scores, softmax and values with libtorch's operators, one after another.</summary>
    public static LayerCount[] Operators(string layer, AttentionSize size, bool dataGradient)
    {
        var (pairs, blocks) = (size.Batch * size.Heads, size.Blocks().ToList());
        long[] scores = blocks.Count == 1
            ? [size.Batch, size.Heads, size.Queries, size.Keys]
            : [size.Batch, size.Heads, size.Scores / pairs];
        var mask = size.Causal ? 1 : 0;
        return
        [
            Products("scores", scores, block => new ProductShape(pairs, block.Queries, size.Head, block.Keys)),
            // Scaled by the width of a head before, masked if causal.
            ElementwiseCount.Of(
                $"{layer} softmax", size.Causal ? "causal softmax" : "softmax", scores, 6 + mask, 5 + mask, inPlace: false, dataGradient),
            Products("values", [size.Batch, size.Queries, size.Heads * size.Head],
                block => new ProductShape(pairs, block.Queries, block.Keys, size.Head)),
        ];

        LayerCount Products(string kind, long[] output, Func<(long Queries, long Keys), ProductShape> shape) => blocks
            .Select(block => ProductCount.Of($"{layer} {kind}", kind, output, shape(block), dataGradient, dataGradient))
            .Aggregate(ProductCount.Together);
    }

    /// <summary>
    /// The same as libtorch's fused operator, without gradients. Scores never leave the cache, and causal queries are taken
    /// <see cref="FusedBlock"/> at a time.
    /// </summary>
    public static LayerCount Fused(string layer, AttentionSize size)
    {
        var (width, macs) = (size.Heads * size.Head, 2 * size.Scores * size.Head);
        var (read, output) = (size.Batch * (size.Queries + 2 * size.Keys) * width, size.Batch * size.Queries * width);
        return LayerCount.Of(layer, "fused attention", [size.Batch, size.Queries, width]) with
        {
            ForwardMacs = macs,
            Forward = new Work(2 * macs, 7 * size.Scores, Fp32.Bytes * (read + output), 1),
            UniqueBytes = Fp32.Bytes * output,
            Operators = [new(OperatorKey.Attention([size.Batch, size.Heads, size.Queries, size.Head], size.Keys), 1, 2 * macs)],
        };
    }

    /// <summary>How many causal queries libtorch's fused operator takes at a time on a processor.</summary>
    public static int FusedBlock(long queries) => queries switch { >= 768 => 256, >= 192 => 64, _ => 32 };

    /// <summary>
    /// The same as one kernel of this project: one call each way, of which libtorch sees no product. The probabilities are kept; backwards
    /// each of the two products becomes two, and the scores' gradients pass through the softmax.
    /// </summary>
    /// <param name="precision">Of what is read and written; scores and probabilities are fp32, and so is every product.</param>
    public static LayerCount Kernel(string layer, AttentionSize size, bool dataGradient, Precision precision = Precision.Fp32)
    {
        var width = size.Heads * size.Head;
        var kept = size.Batch * size.Heads * size.Queries * size.Keys;
        return Kernel(
            LayerCount.Of(layer, "attention kernel", [size.Batch, size.Queries, width]), size.Head, size.Scores, kept,
            size.Batch * (size.Queries + 2 * size.Keys) * width, size.Batch * size.Queries * width, dataGradient, precision);
    }

    /// <summary>The same of sentences below one another, each as long as it is, in which every position sees all others, or those before it.</summary>
    public static LayerCount Kernel(string layer, IReadOnlyList<long> lengths, long heads, long head, bool dataGradient, bool isCausal = false)
    {
        var (rows, kept) = (lengths.Sum(), heads * lengths.Sum(length => length * length));
        var scores = isCausal ? heads * lengths.Sum(length => length * (length + 1) / 2) : kept;
        return Kernel(
            LayerCount.Of(layer, "attention kernel", [rows, heads * head]), head, scores, scores, 3 * rows * heads * head, rows * heads * head,
            dataGradient, Precision.Fp32);
    }

    static LayerCount Kernel(
        LayerCount row, long head, long seen, long kept, long projected, long output, bool dataGradient, Precision precision)
    {
        var (bytes, macs) = (Bf16.BytesOf(precision), 2 * seen * head);
        return row with
        {
            ForwardMacs = macs,
            Forward = new Work(2 * macs, 7 * seen, bytes * (projected + output) + Fp32.Bytes * kept, 1),
            DataGradient = dataGradient ? new Work(4 * macs, 6 * seen, bytes * (2 * projected + output) + Fp32.Bytes * kept, 1) : default,
            UniqueBytes = bytes * output + Fp32.Bytes * kept,
        };
    }

    /// <summary>Keys and values of new positions are put into a cache, which is read as a whole.</summary>
    public static LayerCount Cache(string layer, AttentionSize size)
    {
        var keysAndValues = 2 * size.Batch * size.Heads * size.Head;
        return LayerCount.Of($"{layer} cache", "key-value cache", [size.Batch, size.Queries, 3 * size.Heads * size.Head],
            Fp32.Bytes * keysAndValues * size.Keys, Work.Pass(0, 2 * keysAndValues * size.Queries, 2));
    }
}

/// <summary>Rotary positions: pairs of query and key numbers are turned by an angle that grows with the position.</summary>
public static class RotaryCount
{
    // Per element two products and a sum.
    const int Flops = 3;

    public static LayerCount Of(string layer, IReadOnlyList<long> shape, long turned, long angles, bool dataGradient)
    {
        var pass = Work.Pass(Flops * turned, 2 * turned + angles);
        return LayerCount.Of(layer, "rotary positions", shape, Fp32.Bytes * (turned + angles), pass, dataGradient ? pass : default);
    }
}
