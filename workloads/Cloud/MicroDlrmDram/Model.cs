using System.Runtime.CompilerServices;
using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrmDram;

/// <summary>The sizes of the model: one table for every category, and two networks.</summary>
/// <param name="Crosses">Rows that stand for one pair of person and movie, each found by a hash of its own.</param>
/// <param name="TableLearningRate">Of the table, whose rows are updated by plain gradient descent.</param>
/// <param name="BottomWidths">From the dense numbers to what joins the rows.</param>
/// <param name="TopHidden">Between the joined vectors and the logit.</param>
public sealed record DramGeometry(
    int Rows, int Width, int Crosses, double TableLearningRate, IReadOnlyList<int> BottomWidths, IReadOnlyList<int> TopHidden)
{
    /// <summary>Person, movie, and occupation with all crosses: each is the sum of its rows.</summary>
    public const int Bags = 3;

    public static DramGeometry From(Geometry sizes) => new(
        sizes.Int("rows"), sizes.Int("width"), sizes.Int("crosses"), sizes.Number("table_learning_rate"), sizes.Ints("bottom"), sizes.Ints("top"));

    /// <summary>Rows that a sample looks up.</summary>
    public int Lookups => Bags + Crosses;

    public long TableNumbers => (long)Rows * Width;

    /// <summary>Of a sample's look-ups, the bag that each of them is added to.</summary>
    public static int BagOf(int lookup) => Math.Min(lookup, Bags - 1);
}

/// <summary>The networks of a deep learning recommendation model (Naumov et al., 2019), which join what the table gave with dense numbers.</summary>
public sealed class DramNetworks : Module<Tensor, Tensor, Tensor>
{
    readonly Sequential bottom, top;

    public DramNetworks(DramGeometry geometry) : base(nameof(DramNetworks))
    {
        bottom = Network(geometry.BottomWidths, lastRelu: true);
        top = Network([DramGeometry.Bags * geometry.Width + geometry.BottomWidths[^1], .. geometry.TopHidden, 1], lastRelu: false);
        RegisterComponents();
    }

    internal IReadOnlyList<Linear> Bottom => [.. bottom.children().OfType<Linear>()];

    internal IReadOnlyList<Linear> Top => [.. top.children().OfType<Linear>()];

    // looked [B, bags · width], dense [B, dense] → [B]
    public override Tensor forward(Tensor looked, Tensor dense) => top.call(F.cat([looked, bottom.call(dense)], 1)).squeeze(1);

    static Sequential Network(IReadOnlyList<int> widths, bool lastRelu)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        for (var i = 1; i < widths.Count; i++)
        {
            layers.Add(Linear(widths[i - 1], widths[i]));
            if (i + 1 < widths.Count || lastRelu) layers.Add(ReLU());
        }
        return Sequential(layers);
    }
}

/// <summary>Every category's rows: a hash of what is looked up says where (Weinberger et al., 2009), so two may share a row.</summary>
public static class HashedIds
{
    // Person, movie and occupation, then the crosses: the same number of another kind is another row.
    const ulong FirstKind = 0x9E3779B97F4A7C15;

    /// <summary>The original's mixing of 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ulong x, ulong seed)
    {
        x ^= seed;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>The rows of one sample.</summary>
    /// <param name="sample">Person, movie and occupation, each among all rows that tables of their own would have, then dense numbers.</param>
    /// <param name="ids">As many as a sample looks up.</param>
    public static void Of(ReadOnlySpan<float> sample, int rows, Span<int> ids)
    {
        for (var i = 0; i < DramGeometry.Bags; i++) ids[i] = Row(Hash((ulong)sample[i], FirstKind * (ulong)(i + 1)), rows);
        var pair = ((ulong)sample[0] << 32) | (ulong)sample[1];
        for (var i = DramGeometry.Bags; i < ids.Length; i++) ids[i] = Row(Hash(pair, FirstKind * (ulong)(i + 1)), rows);
    }

    // The upper bits of a product: no division, and every row as likely.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Row(ulong hash, int rows) => (int)Math.BigMul(hash, (ulong)rows, out _);
}

/// <summary>The table, outside of libtorch: no gradient of its size, no copy and no moments ever exist.</summary>
public sealed unsafe class HashedTable : IDisposable
{
    readonly NativeFloats numbers;

    public HashedTable(int rows, int width, int seed)
    {
        (Rows, Width) = (rows, width);
        numbers = new NativeFloats(checked(rows * width));
        NativeProcess.PreferLargePages((nint)numbers.Address, (long)rows * width * sizeof(float));
        // Uniform within one over the root of the rows, as the authors of the model begin; a number depends on its place alone.
        var scale = (float)(1 / Math.Sqrt(rows)) / (1 << 23);
        ThreadTeam.Of(get_num_threads()).ForEach(Parts, part =>
        {
            for (long i = (long)rows * part / Parts * width; i < (long)rows * (part + 1) / Parts * width; i += 2)
            {
                var bits = HashedIds.Hash((ulong)i, (ulong)seed);
                numbers.Address[i] = ((int)(bits >> 40) - (1 << 23)) * scale;
                numbers.Address[i + 1] = ((int)(bits & 0xFFFFFF) - (1 << 23)) * scale;
            }
        });
    }

    const int Parts = 64;

    public int Rows { get; }

    public int Width { get; }

    public float* Row(int row) => numbers.Address + (nint)row * Width;

    public Span<float> Of(int row) => new(Row(row), Width);

    public void Dispose() => numbers.Dispose();
}
