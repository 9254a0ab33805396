using System.Runtime.Intrinsics;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>What the kernels of single tokens agree on, and the norm of a row.</summary>
static unsafe class TokenKernels
{
    /// <summary>Numbers of a vector; widths are multiples of it.</summary>
    public const int Lanes = 16;

    /// <summary>Outputs that are computed together, so that their loads overlap.</summary>
    public const int Block = 4;

    /// <summary>Numbers of a head: four vectors stay in registers.</summary>
    public const int Head = 4 * Lanes;

    /// <summary>(x − mean) / √(variance + ε) · gain + shift.</summary>
    public static void Norm(float* x, float* gain, float* shift, int width, float* y)
    {
        const float epsilon = 1e-5f;
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < width; i += Lanes)
            sum += Vector512.Load(x + i);
        var mean = Vector512.Create(Vector512.Sum(sum) / width);
        var squares = Vector512<float>.Zero;
        for (var i = 0; i < width; i += Lanes)
        {
            var distance = Vector512.Load(x + i) - mean;
            squares = Vector512.FusedMultiplyAdd(distance, distance, squares);
        }

        var scale = Vector512.Create(1 / MathF.Sqrt(Vector512.Sum(squares) / width + epsilon));
        for (var i = 0; i < width; i += Lanes)
        {
            var distance = Vector512.Load(x + i) - mean;
            Vector512.FusedMultiplyAdd(distance * scale, Vector512.Load(gain + i), Vector512.Load(shift + i)).Store(y + i);
        }
    }
}
