using System.Diagnostics;
using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.MicroDlrm;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrmDram;

/// <summary>
/// A step of the model in one call: rows are looked up, the networks run forwards and backwards, and each row that was looked up is updated where
/// it lies. A thread updates the rows of its own part of the table, sample after sample, so that the number of threads changes no bit.
/// </summary>
sealed unsafe class FusedDram : FusedStep
{
    readonly HashedTable table;
    readonly DramGeometry geometry;
    // [N, ids + dense] and [N], which the workload keeps.
    readonly float* samples;
    readonly JoinedNetworks joined;
    readonly int batch, width, lookups, dense;
    readonly long[] positions;
    readonly int[] ids;
    readonly long[] gatherTicks;
    // Of each thread: look-ups whose rows are its own.
    readonly int[][] owned;
    float rate;

    public FusedDram(DramNetworks networks, HashedTable table, DramGeometry geometry, Tensor samples, Tensor likes, int batch, int? threads = null)
        : base(networks.parameters(), WorthThreads, threads)
    {
        (this.table, this.geometry, this.batch) = (table, geometry, batch);
        this.samples = NativeFloats.Of(samples);
        (width, lookups, dense) = (geometry.Width, geometry.Lookups, geometry.BottomWidths[0]);
        if (samples.shape[1] != RatingFeatures.Ids + dense || likes.numel() != samples.shape[0] || width % NativeFloats.Line != 0)
            throw new ArgumentException(
                $"Samples of {samples.shape[1]} numbers, {likes.numel()} answers for {samples.shape[0]}, rows of {width}; expected {RatingFeatures.Ids} ids and {dense} numbers, one answer each, and rows of whole lines of {NativeFloats.Line}.",
                nameof(samples));
        joined = new JoinedNetworks(networks.Bottom, networks.Top, Gradients, DramGeometry.Bags * width, NativeFloats.Of(likes), batch);
        (positions, ids) = (new long[batch], new int[batch * lookups]);
        gatherTicks = new long[Threads];
        owned = [.. Enumerable.Range(0, Threads).Select(_ => new int[batch * lookups])];
    }

    // Looking up alone is worth all threads.
    const long WorthThreads = 1 << 23;

    /// <summary>Seconds that looking up took, of the slowest thread of each step, and how many steps.</summary>
    public (double Seconds, int Steps) Gathered { get; private set; }

    /// <param name="tableRate">Of the table's rows; the gradients of the networks are left to an optimizer.</param>
    /// <returns>The mean loss of the batch.</returns>
    public float Step(ReadOnlySpan<long> chosen, double tableRate)
    {
        chosen.CopyTo(positions);
        rate = (float)tableRate;
        RunParts();
        Gathered = (Gathered.Seconds + gatherTicks.Max() / (double)Stopwatch.Frequency, Gathered.Steps + 1);
        return joined.Loss();
    }

    protected override void Part(int thread)
    {
        var (from, until) = Columns(thread, batch);
        LookUp(from, Math.Min(until, batch), thread);
        joined.Forward(from, until);
        joined.Backward(from, until, positions);
        Meet();
        joined.WeightGradients(thread, Threads);
        Update(thread);
    }

    void LookUp(int from, int until, int thread)
    {
        for (var sample = from; sample < until; sample++)
        {
            ReadOnlySpan<float> row = new(samples + (nint)positions[sample] * (RatingFeatures.Ids + dense), RatingFeatures.Ids + dense);
            HashedIds.Of(row, table.Rows, ids.AsSpan(sample * lookups, lookups));
            row[RatingFeatures.Ids..].CopyTo(new(joined.Dense(sample), dense));
        }
        var began = Stopwatch.GetTimestamp();
        for (var sample = from; sample < until; sample++)
            RowKernels.Sum(table, ids, sample * lookups, until * lookups, lookups, joined.Rows(sample));
        gatherTicks[thread] = Stopwatch.GetTimestamp() - began;
    }

    // row ← row − rate·gradient, as often as the row was looked up.
    void Update(int thread)
    {
        int first = (int)((long)table.Rows * thread / Threads), end = (int)((long)table.Rows * (thread + 1) / Threads), count = 0;
        var mine = owned[thread];
        for (var i = 0; i < batch * lookups; i++)
        {
            if (ids[i] >= first && ids[i] < end) mine[count++] = i;
        }
        for (var i = 0; i < count; i++)
        {
            if (i + RowKernels.Ahead < count) RowKernels.Fetch(table.Row(ids[mine[i + RowKernels.Ahead]]), width);
            var (sample, lookup) = (mine[i] / lookups, mine[i] % lookups);
            Simd.AddScaled(
                ref *table.Row(ids[mine[i]]), ref joined.RowGradients(sample)[DramGeometry.BagOf(lookup) * width], -rate, width);
        }
    }

    public override void Dispose()
    {
        joined.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Rows of the table, most of which are in no cache: those needed soon are fetched while others are added up.</summary>
static unsafe class RowKernels
{
    /// <summary>Rows that are on their way.</summary>
    public const int Ahead = 4;

    /// <summary>The rows of one sample as the sums of its bags.</summary>
    /// <param name="from">The sample's first id.</param>
    /// <param name="end">Ids from here on are nobody's yet.</param>
    public static void Sum(HashedTable table, int[] ids, int from, int end, int lookups, float* to)
    {
        var width = table.Width;
        for (var i = 0; i < lookups; i++)
        {
            if (from + i + Ahead < end) Fetch(table.Row(ids[from + i + Ahead]), width);
            float* row = table.Row(ids[from + i]), sum = to + DramGeometry.BagOf(i) * width;
            if (i < DramGeometry.Bags) new Span<float>(row, width).CopyTo(new(sum, width));
            else Simd.AddScaled(ref *sum, ref *row, 1, width);
        }
    }

    public static void Fetch(float* row, int width)
    {
        if (!System.Runtime.Intrinsics.X86.Sse.IsSupported) return;
        for (var i = 0; i < width; i += NativeFloats.Line) System.Runtime.Intrinsics.X86.Sse.Prefetch0(row + i);
    }
}

/// <summary>What the memory of this machine gives to rows that nothing can foresee, and to a stream; both on all threads, from the table itself.</summary>
static unsafe class TableRates
{
    const int Rows = 1 << 17;
    const int Repeats = 3;

    // Separates the rows that are read here from those of any sample.
    const ulong Stream = 0x72617465;

    /// <summary>Bytes per second of rows at random, read and summed; the best of a few repeats.</summary>
    public static double Random(HashedTable table) => Best(table, (i, repeat) => (int)(HashedIds.Hash((ulong)(i + repeat * Rows), Stream) % (ulong)table.Rows));

    /// <summary>The same of neighbouring rows.</summary>
    public static double Streamed(HashedTable table) => Best(table, (i, repeat) => (i + repeat * Rows) % table.Rows);

    static double Best(HashedTable table, Func<int, int, int> rowOf)
    {
        var (best, threads) = (double.PositiveInfinity, get_num_threads());
        var ids = new int[Rows];
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            for (var i = 0; i < Rows; i++) ids[i] = rowOf(i, repeat);
            var clock = Stopwatch.StartNew();
            ThreadTeam.Of(threads).ForEach(threads, part => Read(table, ids, (int)((long)Rows * part / threads), (int)((long)Rows * (part + 1) / threads)));
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        return (double)Rows * table.Width * sizeof(float) / best;
    }

    static void Read(HashedTable table, int[] ids, int from, int until)
    {
        Span<float> sum = stackalloc float[table.Width];
        sum.Clear();
        for (var i = from; i < until; i++)
        {
            if (i + RowKernels.Ahead < until) RowKernels.Fetch(table.Row(ids[i + RowKernels.Ahead]), table.Width);
            Simd.AddScaled(ref sum[0], ref *table.Row(ids[i]), 1, table.Width);
        }
    }
}
