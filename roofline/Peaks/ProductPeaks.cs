namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Matrix products of every type and multiply-adds of every width, on one thread, on all, and multiply-adds on 2, 4, … between.</summary>
sealed class ProductPeaks(ITorchProbe torch, double sampleSeconds)
{
    // A slow machine stops before the size whose repeats would take longer than this. Where a processor has no instructions for one of the
    // other types, libtorch takes minutes, and the rate is no roof of anything.
    const double LongestSeconds = 1.5, LongestOtherSeconds = 0.2;

    // Only for fp32, whose peak is the roof of every run: it takes as long as all the others together.
    const int LargestFp32 = 3072;

    // By then libtorch's threads have stopped waiting for the next product.
    static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(10);

    static readonly int[] Sizes = [512, 1024, 2048];

    // A narrower width is nobody's roof; the widest may lower the processor's clock.
    static readonly RegisterKernel[] RoofKernels = [.. FmaKernel.Widths.TakeLast(2), TileKernel.Widest];

    public List<AbsentPeak> Absent { get; } = [];

    public IEnumerable<PeakTask> Roofs(ThreadTeam team) => Tasks(team, RoofKernels, Products(PeakKind.Gemm, torch.Threads));

    public IEnumerable<PeakSeries> Bf16(Action<double> progress) => PeakTask.InTurn([.. Known(PeakKind.GemmBf16, torch.Threads)], progress);

    public IEnumerable<PeakSeries> Rest(Action<double> progress)
    {
        var all = torch.Threads;
        var counts = ThreadCounts(all).ToArray();
        var series = new List<PeakSeries>();
        try
        {
            for (var index = 0; index < counts.Length; index++)
                series.AddRange(RestOn(counts[index], all, share => progress((index + share) / counts.Length)));
        }
        finally
        {
            torch.UseThreads(all);
        }

        return series;
    }

    IEnumerable<PeakSeries> RestOn(int threads, int all, Action<double> progress)
    {
        using var team = new ThreadTeam(threads);
        var kernels = FmaKernel.Widths.Append(TileKernel.Widest);
        if (threads != 1 && threads != all)
            return InTurn(team, kernels, [], progress);
        torch.UseThreads(threads);
        if (threads == all)
            return InTurn(team, kernels.Except(RoofKernels), Known(PeakKind.GemmInt8, threads), progress);
        return
        [
            .. InTurn(team, kernels, Products(PeakKind.Gemm, threads), share => progress(share * 0.7)),
            .. PeakTask.InTurn([.. Known(PeakKind.GemmBf16, threads), .. Known(PeakKind.GemmInt8, threads)], share => progress(0.7 + share * 0.3)),
        ];
    }

    /// <summary>Before a round: libtorch's threads still wait for the next product, and would take their cores from other threads.</summary>
    public static void Settle() => Thread.Sleep(Settled);

    IEnumerable<PeakSeries> InTurn(ThreadTeam team, IEnumerable<RegisterKernel> kernels, IEnumerable<PeakTask> products, Action<double> progress) =>
        PeakTask.InTurn([.. Tasks(team, kernels, products)], progress, Settle);

    IEnumerable<PeakTask> Tasks(ThreadTeam team, IEnumerable<RegisterKernel> kernels, IEnumerable<PeakTask> products) =>
        kernels.Select(kernel => Task(team, kernel)).Concat(products);

    PeakTask Task(ThreadTeam team, RegisterKernel kernel)
    {
        var probe = new FmaProbe(team, kernel, sampleSeconds);
        return new(new(kernel.Kind, "", team.Size, kernel.Bits, PeakSeries.Flops, kernel.Convention, []), probe.FlopsPerSecond);
    }

    IEnumerable<PeakTask> Known(PeakKind type, int threads)
    {
        if (torch.Missing(type) is not { } reason)
            return Products(type, threads);
        if (Absent.All(peak => peak.Kind != type))
            Absent.Add(new AbsentPeak(type, reason));
        return [];
    }

    IEnumerable<PeakTask> Products(PeakKind type, int threads)
    {
        var rate = double.PositiveInfinity;
        foreach (var size in type == PeakKind.Gemm ? [.. Sizes, LargestFp32] : Sizes)
        {
            if (Gemm.Flops(size) / rate > (type == PeakKind.Gemm ? LongestSeconds : LongestOtherSeconds))
                yield break;
            rate = Rate(type, size, 1);
            var count = (int)Math.Max(rate * sampleSeconds / Gemm.Flops(size), 1);
            yield return new(new(type, "", threads, size, PeakSeries.Flops, Gemm.Convention(type), []), () => Rate(type, size, count));
        }
    }

    // Sustained: the first product wakes threads and brings its operands into the caches. One that lasts a whole sample needs only the threads.
    double Rate(PeakKind type, int size, int count)
    {
        torch.GemmSeconds(count > 1 ? size : Sizes[0], type);
        return count * Gemm.Flops(size) / Enumerable.Range(0, count).Sum(_ => torch.GemmSeconds(size, type));
    }

    static IEnumerable<int> ThreadCounts(int all) =>
        Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(threads => threads < all).Append(all);
}

sealed class FmaProbe
{
    const int FirstRounds = 1 << 10;

    readonly ThreadTeam team;
    readonly RegisterKernel kernel;
    readonly float[] sums;
    readonly long rounds;

    public FmaProbe(ThreadTeam team, RegisterKernel kernel, double sampleSeconds)
    {
        this.team = team;
        this.kernel = kernel;
        sums = new float[team.Size];
        rounds = ThreadTeam.RoundsFor(sampleSeconds, FirstRounds, Seconds);
    }

    public double FlopsPerSecond() => team.Size * kernel.FlopsPerRound * rounds / Seconds(rounds);
    double Seconds(long count) => team.Seconds(thread => sums[thread] = kernel.Run(count));
}

/// <summary>The product of two square matrices, of the type that its kind of peak names.</summary>
static class Gemm
{
    public static double Flops(int size) => 2.0 * size * size * size;

    public static string Convention(PeakKind type) => type switch
    {
        PeakKind.GemmBf16 => "product of two square bf16 matrices through libtorch, 2 FLOP per multiply-add",
        PeakKind.GemmInt8 => "product of two square int8 matrices through libtorch, whose sums wrap at 8 bits, 2 operations per multiply-add",
        _ => "product of two square fp32 matrices through libtorch, 2 FLOP per multiply-add",
    };
}
