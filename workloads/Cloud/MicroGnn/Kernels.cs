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
