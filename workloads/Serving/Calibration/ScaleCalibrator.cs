namespace MlPerfEdu.Serving.Calibration;

/// <summary>Chooses for each channel of some activations the step size of a signed integer code.</summary>
public abstract class ScaleCalibrator
{
    /// <summary>The scale of a channel of zeros.</summary>
    public const float SmallestScale = 1e-12f;

    protected ScaleCalibrator(int channels, int bits)
    {
        Channels = Guard.Positive(channels, "channels");
        Guard.Range(bits is >= 2 and <= 16, "bits", bits, "2 to 16");
        LargestCode = (1 << (bits - 1)) - 1;
    }

    public int Channels { get; }
    public int LargestCode { get; }
    public long RowsSeen { get; private set; }

    /// <param name="activations">(rows, channels)</param>
    public void Record(ReadOnlySpan<float> activations)
    {
        var rows = Guard.Rows(activations, Channels, "activations");
        Guard.Finite(activations, "activations");
        Take(activations, rows);
        RowsSeen += rows;
    }

    public void Reset()
    {
        Clear();
        RowsSeen = 0;
    }

    public void ComputeScales(Span<float> scales)
    {
        Guard.Length(scales.Length, Channels, "scales");
        if (RowsSeen == 0)
            throw KernelErrors.Empty("activations recorded");
        Fill(scales);
        TensorPrimitives.Max(scales, SmallestScale, scales);
    }

    /// <summary>One scale for all channels: the largest.</summary>
    public float ComputeScale()
    {
        var scales = new float[Channels];
        ComputeScales(scales);
        return scales.Max();
    }

    private protected abstract void Take(ReadOnlySpan<float> activations, int rows);

    private protected abstract void Clear();

    private protected abstract void Fill(Span<float> scales);
}

/// <summary>A channel's largest magnitude becomes the largest code: nothing is clipped, and an outlier makes all steps coarse.</summary>
public sealed class MinMaxCalibrator(int channels, int bits) : ScaleCalibrator(channels, bits)
{
    readonly float[] largest = new float[channels];

    private protected override void Take(ReadOnlySpan<float> activations, int rows)
    {
        if (Simd.Is512) Take<Wide512>(activations);
        else Take<Wide256>(activations);
    }

    void Take<T>(ReadOnlySpan<float> rows) where T : struct, IWide<T>
    {
        for (; !rows.IsEmpty; rows = rows[Channels..])
        {
            ref var row = ref MemoryMarshal.GetReference(rows);
            var channel = 0;
            for (; channel <= Channels - T.Lanes; channel += T.Lanes)
            {
                ref var largest = ref this.largest[channel];
                T.Max(T.Load(ref largest, 0), T.Abs(T.Load(ref row, channel))).Store(ref largest, 0);
            }
            for (; channel < Channels; channel++)
                this.largest[channel] = MathF.Max(this.largest[channel], MathF.Abs(rows[channel]));
        }
    }

    private protected override void Clear() => Array.Clear(largest);

    private protected override void Fill(Span<float> scales) => TensorPrimitives.Divide(largest, LargestCode, scales);
}

/// <summary>A percentile of the magnitudes becomes the largest code: outliers are clipped. It depends on the largest few magnitudes alone, so only
/// those are kept, however many rows there are; the answer is exact, as if all had been sorted.</summary>
public sealed class PercentileCalibrator : ScaleCalibrator
{
    readonly double percentile;
    readonly int mostRows;
    readonly int tail;
    // (channels, tail): each a heap whose smallest is in front.
    readonly float[] heaps;
    // (channels): the smallest that is kept, above which a magnitude matters.
    readonly float[] least;
    readonly float[] sorted;

    /// <param name="mostRows">Rows that may be recorded; it decides how many magnitudes are kept.</param>
    public PercentileCalibrator(int channels, int bits, double percentile, int mostRows) : base(channels, bits)
    {
        this.percentile = Guard.Range(percentile is > 0 and <= 100, "a percentile of", percentile, "above 0, at most 100");
        this.mostRows = Guard.Positive(mostRows, "rows");
        tail = this.mostRows - (int)Rank(this.mostRows);
        (heaps, least, sorted) = (new float[channels * tail], new float[channels], new float[tail]);
        Clear();
    }

    // Where the percentile lies among so many sorted magnitudes, from 0.
    double Rank(long rows) => percentile / 100 * (rows - 1);

    private protected override void Take(ReadOnlySpan<float> activations, int rows)
    {
        if (RowsSeen + rows > mostRows)
            throw KernelErrors.OutOfRoom("rows to record", rows, mostRows - RowsSeen);
        if (Simd.Is512) Take<Wide512>(activations);
        else Take<Wide256>(activations);
    }

    void Take<T>(ReadOnlySpan<float> rows) where T : struct, IWide<T>
    {
        for (; !rows.IsEmpty; rows = rows[Channels..])
        {
            ref var row = ref MemoryMarshal.GetReference(rows);
            var channel = 0;
            for (; channel <= Channels - T.Lanes; channel += T.Lanes)
            {
                var larger = T.Bits(T.Less(T.Load(ref least[channel], 0), T.Abs(T.Load(ref row, channel))));
                for (; larger != 0; larger &= larger - 1)
                    Keep(channel + BitOperations.TrailingZeroCount(larger), rows);
            }
            for (; channel < Channels; channel++)
            {
                if (MathF.Abs(rows[channel]) > least[channel])
                    Keep(channel, rows);
            }
        }
    }

    // The smallest that was kept goes, and the new one sinks to its place.
    void Keep(int channel, ReadOnlySpan<float> row)
    {
        var magnitude = MathF.Abs(row[channel]);
        var heap = heaps.AsSpan(channel * tail, tail);
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
        least[channel] = heap[0];
    }

    // Below every magnitude.
    private protected override void Clear()
    {
        Array.Fill(heaps, -1);
        Array.Fill(least, -1);
    }

    private protected override void Fill(Span<float> scales)
    {
        // Between the two magnitudes next to the rank, on the line.
        var rank = Rank(RowsSeen);
        var below = (long)Math.Floor(rank);
        var first = (int)(tail - (RowsSeen - below));
        for (var channel = 0; channel < Channels; channel++)
        {
            heaps.AsSpan(channel * tail, tail).CopyTo(sorted);
            Array.Sort(sorted);
            var (low, high) = (sorted[first], sorted[Math.Min(first + 1, tail - 1)]);
            scales[channel] = (float)((low + (rank - below) * (high - low)) / LargestCode);
        }
    }
}

/// <summary>Tries scales around that of the largest magnitude and takes the one whose codes are closest to what was seen.</summary>
public sealed class LeastErrorCalibrator(int channels, int bits, int mostRows) : ScaleCalibrator(channels, bits)
{
    const int Candidates = 32;

    // (channels, rows): magnitudes of a channel side by side.
    readonly float[] seen = new float[channels * Guard.Positive(mostRows, "rows")];

    private protected override void Take(ReadOnlySpan<float> activations, int rows)
    {
        if (RowsSeen + rows > mostRows)
            throw KernelErrors.OutOfRoom("rows to record", rows, mostRows - RowsSeen);
        for (var row = 0; row < rows; row++)
        {
            for (var channel = 0; channel < Channels; channel++)
                seen[channel * mostRows + RowsSeen + row] = MathF.Abs(activations[row * Channels + channel]);
        }
    }

    // Rows that were not seen are not read.
    private protected override void Clear() { }

    private protected override void Fill(Span<float> scales)
    {
        for (var channel = 0; channel < Channels; channel++)
            scales[channel] = Best(seen.AsSpan(channel * mostRows, (int)RowsSeen));
    }

    float Best(ReadOnlySpan<float> magnitudes)
    {
        var own = Simd.MaxMagnitude(magnitudes) / LargestCode;
        var (best, error) = (own, Error(magnitudes, own));
        for (var candidate = 0; candidate < Candidates; candidate++)
        {
            var scale = own * (0.5f + candidate / (Candidates - 1f));
            if (Error(magnitudes, scale) is var found && found < error)
                (best, error) = (scale, found);
        }
        return best;
    }

    /// <summary>Mean (|a| − code · scale)².</summary>
    internal double Error(ReadOnlySpan<float> magnitudes, float scale)
    {
        var sum = 0.0;
        foreach (var magnitude in magnitudes)
        {
            var code = scale == 0 ? 0 : Math.Min(MathF.Round(magnitude / scale), LargestCode);
            sum += Math.Pow(magnitude - (double)code * scale, 2);
        }
        return sum / magnitudes.Length;
    }
}
