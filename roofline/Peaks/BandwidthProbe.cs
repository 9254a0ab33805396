namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Streams over a working set that is spread evenly over the threads of a team.</summary>
/// <remarks>Ordinary stores: the line that a store first fetches (write-allocate) moves too, but is not counted.</remarks>
sealed class BandwidthProbe
{
    const int Arrays = 3;
    const float Factor = 0.5f;

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
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a bandwidth probe; use Triad, Copy or Read."),
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
        while ((seconds = Pass(kind, count)) < sampleSeconds / 4)
            count *= 2;
        return (int)Math.Max(count * sampleSeconds / seconds, 1);
    }

    double BytesPerPass(PeakKind kind) => (double)SetBytes / Arrays * kind switch
    {
        PeakKind.Triad => 3,
        PeakKind.Copy => 2,
        _ => 1,
    };

    double Pass(PeakKind kind, int count) => team.Seconds(thread =>
    {
        var (a, b, c) = (buffers[thread][0], buffers[thread][1], buffers[thread][2]);
        for (var pass = 0; pass < count; pass++)
        {
            if (kind == PeakKind.Triad)
                StreamKernel.Triad(a, b, c, Factor);
            else if (kind == PeakKind.Copy)
                StreamKernel.Copy(a, b);
            else
                sums[thread] += StreamKernel.Sum(a, a.Length);
        }
    });

    static float[] Filled(int length)
    {
        var array = GC.AllocateUninitializedArray<float>(length, pinned: true);
        Array.Fill(array, 1f);
        return array;
    }
}
