using System.Numerics;
using System.Runtime.InteropServices;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Calibration;

/// <summary>
/// A percentile of the magnitudes becomes the largest code: outliers are clipped. It depends on the largest few magnitudes alone, so only
/// those are kept, however many rows there are; the answer is exact, as if all had been sorted.
/// </summary>
public sealed class PercentileCalibrator : ScaleCalibrator
{
    readonly double _percentile;
    readonly int _tail;
    // (channels, tail): each a heap whose smallest is in front.
    readonly float[] _heaps;
    // (channels): the smallest that is kept, from which on a magnitude is of interest.
    readonly float[] _least;
    readonly float[] _sorted;
    readonly int _mostRows;

    /// <param name="mostRows">Rows that may be recorded; it decides how many magnitudes are kept.</param>
    public PercentileCalibrator(int channels, int bits, double percentile, int mostRows)
        : base(channels, bits)
    {
        if (!(percentile is > 0 and <= 100))
            throw ServingErrors.OutOfRange("a percentile of", percentile, "above 0, at most 100");
        _percentile = percentile;
        _mostRows = Guard.Positive(mostRows, "rows");
        _tail = _mostRows - (int)Rank(_mostRows);
        _heaps = new float[channels * _tail];
        _least = new float[channels];
        _sorted = new float[_tail];
        Clear();
    }

    // Where the percentile lies among so many sorted magnitudes, from 0.
    double Rank(long rows) => _percentile / 100 * (rows - 1);

    private protected override void Take(ReadOnlySpan<float> activations, int rows)
    {
        if (RowsSeen + rows > _mostRows)
            throw ServingErrors.OutOfRoom("rows to record", rows, _mostRows - RowsSeen);
        if (Simd.Is512)
            Take<Wide512>(activations);
        else
            Take<Wide256>(activations);
    }

    void Take<T>(ReadOnlySpan<float> rows)
        where T : struct, IWide<T>
    {
        for (; !rows.IsEmpty; rows = rows[Channels..])
            TakeRow<T>(rows[..Channels]);
    }

    void TakeRow<T>(ReadOnlySpan<float> row)
        where T : struct, IWide<T>
    {
        ref var start = ref MemoryMarshal.GetReference(row);
        var channel = 0;
        for (; channel <= Channels - T.Lanes; channel += T.Lanes)
        {
            var larger = T.Bits(T.Less(T.Load(ref _least[channel], 0), T.Abs(T.Load(ref start, channel))));
            for (; larger != 0; larger &= larger - 1)
                Keep(channel + BitOperations.TrailingZeroCount(larger), row);
        }
        for (; channel < Channels; channel++)
        {
            if (MathF.Abs(row[channel]) > _least[channel])
                Keep(channel, row);
        }
    }

    // The smallest that was kept goes, and the new one sinks to its place.
    void Keep(int channel, ReadOnlySpan<float> row)
    {
        var magnitude = MathF.Abs(row[channel]);
        var heap = _heaps.AsSpan(channel * _tail, _tail);
        var place = 0;
        for (var child = 1; child < heap.Length; child = 2 * place + 1)
        {
            if (child + 1 < heap.Length && heap[child + 1] < heap[child])
                child++;
            if (heap[child] >= magnitude)
                break;
            heap[place] = heap[child];
            place = child;
        }
        heap[place] = magnitude;
        _least[channel] = heap[0];
    }

    // Below every magnitude.
    private protected override void Clear()
    {
        Array.Fill(_heaps, -1);
        Array.Fill(_least, -1);
    }

    private protected override void Fill(Span<float> scales)
    {
        // Between the two magnitudes next to the rank, on the line.
        var rank = Rank(RowsSeen);
        var below = (long)Math.Floor(rank);
        var first = (int)(_tail - (RowsSeen - below));
        for (var channel = 0; channel < Channels; channel++)
        {
            _heaps.AsSpan(channel * _tail, _tail).CopyTo(_sorted);
            Array.Sort(_sorted);
            var (low, high) = (_sorted[first], _sorted[Math.Min(first + 1, _tail - 1)]);
            scales[channel] = (float)((low + (rank - below) * (high - low)) / LargestCode);
        }
    }
}
