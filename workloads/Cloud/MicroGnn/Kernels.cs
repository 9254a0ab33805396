using System.Numerics;
using System.Runtime.CompilerServices;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Numerics;
using static TorchSharp.torch.autograd;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroGnn;

/// <summary>
/// A matrix of which few elements are stored, and nothing else is multiplied. The stored values are constants: only what they are multiplied
/// with has a gradient.
/// </summary>
public sealed record SparseMatrix(SparsePattern Pattern, Tensor Values)
{
    /// <param name="dense">[columns, F]</param>
    /// <returns>[rows, F]</returns>
    public Tensor Times(Tensor dense) => SparseProduct.Of(Pattern, Values, dense);
}

/// <summary>Where the stored elements are: row after row, and once more column after column.</summary>
public sealed class SparsePattern
{
    /// <param name="cells">Row and column of each stored element, sorted.</param>
    public SparsePattern(int rows, int columns, IReadOnlyList<(int Row, int Column)> cells)
    {
        ByRow = new(Starts(rows, cells.Select(cell => cell.Row)), [.. cells.Select(cell => cell.Column)], [.. Enumerable.Range(0, cells.Count)]);
        int[] down = [.. Enumerable.Range(0, cells.Count).OrderBy(at => cells[at].Column)];
        ByColumn = new(Starts(columns, cells.Select(cell => cell.Column)), [.. down.Select(at => cells[at].Row)], down);
    }

    internal Lines ByRow { get; }

    internal Lines ByColumn { get; }

    static int[] Starts(int lines, IEnumerable<int> lineOf)
    {
        var starts = new int[lines + 1];
        foreach (var line in lineOf) starts[line + 1]++;
        for (var line = 0; line < lines; line++) starts[line + 1] += starts[line];
        return starts;
    }

    /// <param name="Starts">Where each line begins among the others' elements, and after the last one, where all end.</param>
    /// <param name="Across">Of each element: its place in its line.</param>
    /// <param name="At">Of each element: where its value is.</param>
    internal sealed record Lines(int[] Starts, int[] Across, int[] At)
    {
        public int Count => Starts.Length - 1;
    }
}

/// <summary>
/// A sparse matrix times a dense one. libtorch multiplies element by element, on one thread and through a dispatcher that chooses the
/// instruction set each time, and sorts the elements again for every gradient: three quarters of this workload's step.
/// </summary>
public sealed unsafe class SparseProduct : SingleTensorFunction<SparseProduct>
{
    // Lines of a unit of work: enough to pay for the hand-over, few enough that no thread waits long for the last one.
    const int Part = 64;

    public override string Name => nameof(SparseProduct);

    public static Tensor Of(SparsePattern pattern, Tensor values, Tensor dense)
    {
        var result = apply(dense, values, pattern);
        if (ModuleCounter.Active is { } counter) State(counter, pattern, values.numel(), dense, result);
        return result;
    }

    // libtorch sees no product. What is multiplied are weights, or features of nodes.
    static void State(ModuleCounter counter, SparsePattern pattern, long stored, Tensor dense, Tensor result)
    {
        var (rows, width) = (pattern.ByRow.Count, result.shape[1]);
        var row = dense is TorchSharp.Modules.Parameter
            ? SparseLinearCount.Of(counter.Name("transform"), rows, pattern.ByColumn.Count, width, stored, new(Data: false, result.requires_grad))
            : PropagationCount.Sparse(counter.Name("propagate"), rows, width, stored, result.requires_grad);
        Tensor[] read = [dense];
        counter.Add(row with { Operators = [] }, result, row.Parameters > 0 ? [] : read, row.Parameters > 0 ? read : []);
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (dense, values, pattern) = ((Tensor)vars[0], (Tensor)vars[1], (SparsePattern)vars[2]);
        ctx.save_for_backward([values]);
        ctx.save_data(nameof(SparsePattern), pattern);
        return Multiply(pattern.ByRow, values, dense);
    }

    // The transposed matrix times the gradient.
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var pattern = (SparsePattern)ctx.get_data(nameof(SparsePattern))!;
        return [Multiply(pattern.ByColumn, ctx.get_saved_variables()[0], grad_output), null!, null!];
    }

    static Tensor Multiply(SparsePattern.Lines lines, Tensor values, Tensor dense)
    {
        var (factor, width) = (dense.contiguous(), (int)dense.shape[1]);
        var result = empty(lines.Count, width);
        float* from = NativeFloats.Of(factor), to = NativeFloats.Of(result), stored = NativeFloats.Of(values);
        ThreadTeam.Of(get_num_threads()).ForEach((lines.Count + Part - 1) / Part, part =>
        {
            for (var line = part * Part; line < Math.Min(lines.Count, (part + 1) * Part); line++)
                MultiplyLine(lines, line, stored, from, to + (nint)line * width, width);
        });
        return result;
    }

    // Four vectors of a result stay in registers while all elements of its line pass.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyLine(SparsePattern.Lines lines, int line, float* values, float* from, float* to, int width)
    {
        var lanes = Vector<float>.Count;
        var elements = lines.Starts[line]..lines.Starts[line + 1];
        ReadOnlySpan<int> across = lines.Across.AsSpan(elements), at = lines.At.AsSpan(elements);
        var column = 0;
        for (; column <= width - 4 * lanes; column += 4 * lanes)
        {
            Vector<float> a = default, b = default, c = default, d = default;
            for (var i = 0; i < across.Length; i++)
            {
                var value = new Vector<float>(values[at[i]]);
                var x = from + (nint)across[i] * width + column;
                a += value * Vector.Load(x);
                b += value * Vector.Load(x + lanes);
                c += value * Vector.Load(x + 2 * lanes);
                d += value * Vector.Load(x + 3 * lanes);
            }

            a.Store(to + column);
            b.Store(to + column + lanes);
            c.Store(to + column + 2 * lanes);
            d.Store(to + column + 3 * lanes);
        }

        for (; column < width; column++)
        {
            var sum = 0f;
            for (var i = 0; i < across.Length; i++) sum += values[at[i]] * from[(nint)across[i] * width + column];
            to[column] = sum;
        }
    }
}

/// <summary>
/// Dropout (Srivastava et al., 2014). libtorch draws one number after another on one thread, which was two thirds of this workload's step. Here a
/// number's fate is a hash of its place and of the call's key, so that vectors of them are drawn at once, and again backwards: no mask is kept.
/// </summary>
public sealed unsafe class Dropout : SingleTensorFunction<Dropout>
{
    const string Key = "key", Probability = "probability";

    public override string Name => nameof(Dropout);

    /// <summary>Zero where a number is left out, x / (1 − p) elsewhere.</summary>
    public static Tensor Of(Tensor x, double probability)
    {
        // From libtorch's generator, so that the run's seed decides.
        var result = apply(x, probability, randint(long.MaxValue, 1, dtype: ScalarType.Int64).item<long>());
        if (ModuleCounter.Active is { } counter)
        {
            // A pass reads and writes each number once; the draw, the comparison and the product are three operations.
            var (numbers, row) = (x.numel(), DropoutCount.Of(counter.Name("dropout"), x.shape, result.requires_grad));
            var pass = new Work(0, 3 * numbers, 2 * sizeof(float) * numbers, 1);
            counter.Add(row with { Forward = pass, DataGradient = result.requires_grad ? pass : default, UniqueBytes = sizeof(float) * numbers }, result, [x]);
        }
        return result;
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(Probability, vars[1]);
        ctx.save_data(Key, vars[2]);
        return Keep((Tensor)vars[0], (double)vars[1], (long)vars[2]);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) =>
        [Keep(grad_output, (double)ctx.get_data(Probability)!, (long)ctx.get_data(Key)!), null!, null!];

    static Tensor Keep(Tensor x, double probability, long key)
    {
        var (from, result) = (x.contiguous(), empty(x.shape));
        Keep(NativeFloats.Of(from), NativeFloats.Of(result), (nint)x.numel(), probability, (ulong)key);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Keep(float* from, float* to, nint count, double probability, ulong key)
    {
        var (least, scale) = ((uint)(probability * uint.MaxValue), (float)(1 / (1 - probability)));
        var (start, turn) = ((uint)key, (uint)(key >> 32));
        var places = Vector<uint>.Indices + new Vector<uint>(start);
        nint i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var kept = Vector.GreaterThanOrEqual(Hash(places, turn), new Vector<uint>(least)).As<uint, float>();
            (Vector.Load(from + i) * scale & kept).Store(to + i);
            places += new Vector<uint>((uint)Vector<uint>.Count);
        }
        for (; i < count; i++) to[i] = Hash(new(start + (uint)i), turn)[0] >= least ? from[i] * scale : 0;
    }

    // Two rounds of shifts and products (Wellons' lowbias32), between which the second half of the key enters.
    static Vector<uint> Hash(Vector<uint> x, uint turn)
    {
        x = (x ^ x >> 16) * 0x7feb352d ^ new Vector<uint>(turn);
        x = (x ^ x >> 15) * 0x846ca68b;
        return x ^ x >> 16;
    }
}
