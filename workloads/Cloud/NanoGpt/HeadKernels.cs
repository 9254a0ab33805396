using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>
/// Causal attention of one head, forwards and backwards. Matrices whose rows and columns are not multiples of <see cref="Block"/> are
/// copied into such, zero where nothing was; others are read and written where they lie, among those of the other heads.
/// </summary>
static unsafe class HeadKernels
{
    /// <summary>Sizes are filled up to a multiple of it: four of the widest vectors.</summary>
    const int Block = 64;

    /// <summary>Rows of a product that are summed together.</summary>
    public const int RowsAtOnce = 4;

    public static int Filled(int size) => (size + Block - 1) / Block * Block;

    /// <summary>Numbers that one head needs beside its input and output: three matrices of the head, one of scores.</summary>
    public static int Room(HeadShape shape) => 3 * shape.Rows * shape.Columns + shape.Rows * shape.Rows;

    /// <param name="projected">Queries of the first position.</param>
    /// <param name="found">The head's part of the first position's result.</param>
    /// <param name="weights">Receives the probabilities, [rows, rows], zero where a key is later than its query.</param>
    public static void Forward(HeadShape shape, float* projected, float* found, float* weights, float* room)
    {
        if (Simd.Is512) HeadKernels<Wide512>.Forward(shape, projected, found, weights, room);
        else HeadKernels<Wide256>.Forward(shape, projected, found, weights, room);
    }

    /// <param name="weights">The probabilities that <see cref="Forward"/> left.</param>
    /// <param name="gradient">Of the head's part of the first position's result.</param>
    /// <param name="result">Receives the gradients of queries, keys and values.</param>
    public static void Backward(HeadShape shape, float* projected, float* weights, float* gradient, float* result, float* room)
    {
        if (Simd.Is512) HeadKernels<Wide512>.Backward(shape, projected, weights, gradient, result, room);
        else HeadKernels<Wide256>.Backward(shape, projected, weights, gradient, result, room);
    }
}
