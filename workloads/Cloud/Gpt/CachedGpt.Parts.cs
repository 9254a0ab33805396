using MlPerfEdu.Workloads.Cloud.NanoGpt;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

// What one thread does of a step.
public sealed unsafe partial class CachedGpt
{
    // token + position → [rows, D]
    void Embed()
    {
        var width = geometry.Width;
        for (var row = 0; row < rows; row++)
        {
            float* token = weights.Tokens + (nint)tokens[row] * width, position = weights.Positions + (nint)positions[row] * width;
            var x = residual.Address + row * width;
            for (var i = 0; i < width; i++)
                x[i] = token[i] + position[i];
        }
    }

    // Every thread normalises all rows for itself: that is faster than waiting for others to do a part of it.
    void Normalise(int thread, GptWeights.Affine norm)
    {
        var width = geometry.Width;
        for (var row = 0; row < rows; row++)
            TokenKernels.Norm(residual.Address + row * width, norm.Weight, norm.Bias, width, normed[thread].Address + row * width);
    }

    void Product(int thread, GptWeights.Affine layer, NativeFloats inputs, int width, NativeFloats outputs, int outputWidth, bool add)
    {
        var (from, to) = Outputs(thread, outputWidth);
        TokenKernels.Product(layer.Weight, layer.Bias, inputs.Address, rows, width, outputs.Address, outputWidth, from, to, add);
    }

    // Whole vectors, so that what follows element by element needs no other thread's outputs.
    (int From, int To) Outputs(int thread, int width)
    {
        var unit = width % TokenKernels.Lanes == 0 ? TokenKernels.Lanes : TokenKernels.Block;
        var (from, to) = team.Share(thread, width / unit);
        return (from * unit, to * unit);
    }

    void Activate(int thread)
    {
        var width = NanoGptGeometry.MlpRatio * geometry.Width;
        var (from, to) = Outputs(thread, width);
        for (var row = 0; row < rows; row++)
        {
            var part = hidden.Address + row * width + from;
            GeluKernel.Forward(part, part, to - from);
        }
    }

    // A thread has whole heads. It first puts the keys and values of all rows into the caches, since rows of one cache see each other.
    void Attend(int thread, int layer)
    {
        const int size = TokenKernels.Head * sizeof(float);
        var (width, (from, to)) = (geometry.Width, team.Share(thread, geometry.Heads));
        for (var head = from; head < to; head++)
        {
            for (var row = 0; row < rows; row++)
            {
                var key = projected.Address + row * 3 * width + width + head * TokenKernels.Head;
                var place = (nint)positions[row] * TokenKernels.Head;
                Buffer.MemoryCopy(key, caches[row].KeysOf(layer, head) + place, size, size);
                Buffer.MemoryCopy(key + width, caches[row].ValuesOf(layer, head) + place, size, size);
            }

            for (var row = 0; row < rows; row++)
            {
                var query = projected.Address + row * 3 * width + head * TokenKernels.Head;
                TokenKernels.Attend(
                    query, caches[row].KeysOf(layer, head), caches[row].ValuesOf(layer, head), positions[row] + 1,
                    scores[thread].Address, attended.Address + row * width + head * TokenKernels.Head);
            }
        }
    }
}
