namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Streams over a working set that is spread evenly over the threads of a team.</summary>
/// <remarks>Ordinary stores: the line that a store first fetches (write-allocate) moves too, but is not counted.</remarks>
sealed class BandwidthProbe
{
    const int Arrays = 3;
    const float Factor = 0.5f;

    // Not a number that shrinks: halved often enough, an update would multiply denormals.
    const float Sign = -1f;

    readonly ThreadTeam team;
    readonly double sampleSeconds;
    readonly float[][][] buffers;
    readonly float[] sums;
    readonly Dictionary<PeakKind, int> passes = [];

    public BandwidthProbe(ThreadTeam team, long setBytes, double sampleSeconds)
    {
        this.team = team;
        this.sampleSeconds = sampleSeconds;
        sums = new float[team.Size];
        var elements = setBytes / sizeof(float) / Arrays / team.Size;
        var length = (int)Math.Max(elements / StreamKernel.Block, 1) * StreamKernel.Block;
        SetBytes = (long)length * sizeof(float) * Arrays * team.Size;
        buffers = new float[team.Size][][];
        // Each thread touches its own part first, so that it lies in that thread's memory.
        team.Seconds(thread => buffers[thread] = [.. Enumerable.Range(0, Arrays).Select(_ => Filled(length))]);
    }

    public long SetBytes { get; }

    public static string Convention(PeakKind kind) => kind switch
    {
        PeakKind.Triad => "a = b + s*c, fp32, 12 bytes per element, write-allocate not counted",
        PeakKind.Copy => "a = b, fp32, 8 bytes per element, write-allocate not counted",
        PeakKind.Read => "sum of a, fp32, 4 bytes per element",
        PeakKind.Update => "a = s*a, fp32, 8 bytes per element, nothing else moves",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a bandwidth probe; use Triad, Copy, Read or Update."),
    };

    /// <summary>byte/s of one sample.</summary>
    public double BytesPerSecond(PeakKind kind)
    {
        if (!passes.TryGetValue(kind, out var count))
            passes[kind] = count = PassesPerSample(kind);
        return count * BytesPerPass(kind) / Pass(kind, count);
    }

    /// <summary>One unmeasured pass: caches and threads are as a steady stream has them.</summary>
    public void Warm(PeakKind kind) => Pass(kind, 1);

    // Doubled until the start of the threads is lost in it: one pass over a small set takes less than they do.
    int PassesPerSample(PeakKind kind)
    {
        var count = 1;
        double seconds;
        // The better of two: one that waited for a core would end the doubling far too early.
        while ((seconds = Math.Min(Pass(kind, count), Pass(kind, count))) < sampleSeconds / 4)
            count *= 2;
        return (int)Math.Max(count * sampleSeconds / seconds, 1);
    }

    // Every kernel goes through all three arrays, or the smaller part would stay in a smaller level.
    double BytesPerPass(PeakKind kind) => (double)SetBytes / Arrays * kind switch
    {
        PeakKind.Copy => 4,
        PeakKind.Update => 6,
        _ => 3,
    };

    double Pass(PeakKind kind, int count) => team.Seconds(thread =>
    {
        // Summed up here: the threads' places in the array share a cache line, which a store in every pass would tear to and fro.
        var sum = 0f;
        for (var pass = 0; pass < count; pass++)
            sum += Once(kind, buffers[thread]);
        sums[thread] = sum;
    });

    static float Once(PeakKind kind, float[][] arrays)
    {
        switch (kind)
        {
            case PeakKind.Triad:
                StreamKernel.Triad(arrays[0], arrays[1], arrays[2], Factor);
                return 0;
            case PeakKind.Copy:
                StreamKernel.Copy(arrays[0], arrays[1]);
                StreamKernel.Copy(arrays[1], arrays[2]);
                return 0;
            case PeakKind.Update:
                foreach (var array in arrays)
                    StreamKernel.Update(array, Sign);
                return 0;
            default:
                var sum = 0f;
                foreach (var array in arrays)
                    sum += StreamKernel.Sum(array);
                return sum;
        }
    }

    static float[] Filled(int length)
    {
        var array = GC.AllocateUninitializedArray<float>(length, pinned: true);
        Array.Fill(array, 1f);
        return array;
    }
}
