using MlPerfEdu.Workloads.Cloud.NanoGpt;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

// What one thread does of a step.
public sealed unsafe partial class CachedGpt
{
    // token + position → [rows, D]
    void Embed(Group group)
    {
        var width = geometry.Width;
        for (var row = group.First; row < group.First + group.Rows; row++)
        {
            float* token = weights.Tokens + (nint)tokens[row] * width, position = weights.Positions + (nint)positions[row] * width;
            var x = residual.Address + row * width;
            for (var i = 0; i < width; i++)
                x[i] = token[i] + position[i];
        }
    }

    // Every thread normalises all rows of its group for itself: that is faster than waiting for others to do a part of it.
    void Normalise(Worker worker, GptWeights.Affine norm)
    {
        var width = geometry.Width;
        var x = Rows(residual, width, worker.Group);
        for (var row = 0; row < worker.Group.Rows; row++)
            TokenKernels.Norm(x + row * width, norm.Weight, norm.Bias, width, normed[worker.Thread].Address + row * width);
    }

    /// <param name="from">The group's first row.</param>
    void Product(Worker worker, TokenLayer layer, float* from, int width, NativeFloats outputs, int outputWidth, bool add)
    {
        var (first, end) = Outputs(worker, outputWidth);
        arithmetic.Multiply(
            layer, from, new(inputs[worker.Thread].Address, factors[worker.Thread].Address), worker.Group.Rows, width,
            Rows(outputs, outputWidth, worker.Group), outputWidth, first, end, add);
    }

    // Whole vectors, so that what follows element by element needs no other thread's outputs.
    static (int From, int To) Outputs(Worker worker, int width)
    {
        var unit = width % TokenKernels.Lanes == 0 ? TokenKernels.Lanes : TokenKernels.Block;
        var (from, to) = worker.Group.Share(worker.Member, width / unit);
        return (from * unit, to * unit);
    }

    void Activate(Worker worker)
    {
        var width = NanoGptGeometry.MlpRatio * geometry.Width;
        var (from, to) = Outputs(worker, width);
        for (var row = 0; row < worker.Group.Rows; row++)
        {
            var part = Rows(hidden, width, worker.Group) + row * width + from;
            GeluKernel.Forward(part, part, to - from);
        }
    }

    // A thread has whole heads. It first puts the keys and values of all rows into the caches, since rows of one cache see each other.
    void Attend(Worker worker, int layer)
    {
        var (width, group) = (geometry.Width, worker.Group);
        var ((from, to), (first, end)) = (group.Share(worker.Member, geometry.Heads), (group.First, group.First + group.Rows));
        var (keys, values) = KeyValueCache.Planes(layer);
        for (var head = from; head < to; head++)
        {
            for (var row = first; row < end; row++)
            {
                var key = projected.Address + row * 3 * width + width + head * TokenKernels.Head;
                caches[row].Put(keys, head, positions[row], key);
                caches[row].Put(values, head, positions[row], key + width);
            }

            for (var row = first; row < end; row++)
            {
                var query = projected.Address + row * 3 * width + head * TokenKernels.Head;
                arithmetic.Attend(
                    query, caches[row].HeadOf(layer, head), positions[row] + 1, scores[worker.Thread].Address,
                    attended.Address + row * width + head * TokenKernels.Head);
            }
        }
    }
}
