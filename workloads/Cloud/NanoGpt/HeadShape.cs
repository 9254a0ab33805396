using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Inference;
using MlPerfEdu.Workloads.Training;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>Where the heads of <see cref="CausalAttention"/> lie; pairs of sample and head are numbered sample by sample.</summary>
/// <param name="Positions">T of each sample.</param>
/// <param name="Heads">H of each position.</param>
/// <param name="Head">d numbers of each head.</param>
sealed unsafe record HeadShape(int Positions, int Heads, int Head)
{
    public static HeadShape Of(Tensor projected, long batch, int heads)
    {
        var (rows, columns) = (projected.shape[0], projected.shape[1]);
        return rows % batch == 0 && columns % (3 * heads) == 0
            ? new((int)(rows / batch), heads, (int)(columns / 3 / heads))
            : throw new ArgumentException(
                $"[{rows}, {columns}] → expected rows of {batch} samples and queries, keys and values of {heads} heads → check batch and heads.",
                nameof(projected));
    }

    /// <summary>D numbers of a position.</summary>
    public int Width => Heads * Head;

    /// <summary>Keeps scores of one size whatever the size of a head.</summary>
    public float Scale => (float)(1 / Math.Sqrt(Head));

    /// <summary>Positions, filled up so that kernels need no special case at an end.</summary>
    public int Rows => HeadKernels.Filled(Positions);

    /// <summary>Numbers of a head, filled up.</summary>
    public int Columns => HeadKernels.Filled(Head);

    public bool IsFilled => Rows == Positions && Columns == Head;

    /// <summary>Where a pair's queries begin among the projected rows; its keys are D numbers further, its values 2·D.</summary>
    public nint Projected(int pair) => (nint)(pair / Heads) * Positions * 3 * Width + pair % Heads * Head;

    public nint Found(int pair) => (nint)(pair / Heads) * Positions * Width + pair % Heads * Head;

    public nint Weights(int pair) => (nint)pair * Rows * Rows;

    /// <summary>Every pair once, on all threads, with room for matrices of its own.</summary>
    public void ForEach(int pairs, HeadWork work) => ThreadTeam.Of(get_num_threads()).ForEach(pairs, pair =>
    {
        using var room = new NativeFloats(HeadKernels.Room(this));
        work(pair, room.Address);
    });
}

unsafe delegate void HeadWork(int pair, float* room);
