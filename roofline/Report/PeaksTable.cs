namespace MlPerfEdu.Roofline.Report;

/// <summary>Every peak with its convention, the types libtorch lacks, and the share of the multiply-add roof that a matrix product reaches.</summary>
public static class PeaksTable
{
    static readonly PeakKind[] Products = [PeakKind.Gemm, PeakKind.GemmBf16, PeakKind.GemmInt8];

    public static string Render(MachinePeaks peaks) => string.Join('\n',
        Rates(peaks),
        Lines(peaks.Series.Select(series => $"{Name(series.Kind)}: {series.Convention}").Distinct()),
        Lines(GemmShare.Of(peaks).Select(Share).Concat(Remarks(peaks))));

    static string Rates(MachinePeaks peaks)
    {
        var table = new TextTable(2, "probe", "level", "threads", "size", "best", "median", "samples");
        foreach (var series in peaks.Series)
        {
            table.Row(
                Name(series.Kind), series.Level, Units.Count(series.Threads), Size(series),
                Units.Si(series.Best, series.Unit), Units.Si(series.Median, series.Unit), Units.Count(series.Samples.Count));
        }

        return table.ToString();
    }

    static string Share(GemmShare share) =>
        $"gemm fp32 on {share.Threads} thread{(share.Threads == 1 ? "" : "s")}: {Units.Percent(share.Share)} of fma, medians of "
        + $"{share.Size:#,0} rows and {share.Bits} bit; bound by {share.Bound}";

    static IEnumerable<string> Remarks(MachinePeaks peaks)
    {
        foreach (var absent in peaks.Absent ?? [])
            yield return $"{Name(absent.Kind)}: no kernel in this libtorch ({absent.Reason})";
        foreach (var kind in Products)
        {
            if (peaks.Find(kind) is { } series && peaks.Find(PeakKind.Gemm) is { } gemm && series.Best < gemm.Best)
                yield return $"{Name(kind)}: only a slow kernel in this libtorch, {series.Best / gemm.Best:0.00} times the rate of fp32";
        }

        var cache = peaks.LastLevelCache;
        var knee = cache.Knee is { } range
            ? $"streaming slows down between {Units.Si(range.Low, "B")} and {Units.Si(range.High, "B")}"
            : "no knee found";
        yield return $"Last-level cache: {knee}; the system states {(cache.StatedBytes is { } bytes ? Units.Si(bytes, "B") : "none")}.";
        if (peaks.Phases is { } phases)
            yield return $"Measured in {phases.Sum(phase => phase.Seconds):0} s: "
                + $"{string.Join(", ", phases.Select(phase => $"{phase.Name} {phase.Seconds:0.#} s"))}.";
    }

    static string Size(PeakSeries series) => series switch
    {
        { Size: 0 } => "",
        { Kind: PeakKind.Fma or PeakKind.FmaTile } => $"{series.Size} bit",
        { Unit: PeakSeries.Bytes } => Units.Si(series.Size, "B"),
        _ => $"{series.Size:#,0} rows",
    };

    static string Name(PeakKind kind) => kind switch
    {
        PeakKind.Gemm => "gemm fp32",
        PeakKind.GemmBf16 => "gemm bf16",
        PeakKind.GemmInt8 => "gemm int8",
        PeakKind.FmaTile => "fma from L1",
        PeakKind.FirstTouch => "first touch",
        PeakKind.AllocatedAgain => "allocated again",
        PeakKind.SmallAllocation => "small allocation",
        PeakKind.EmptyOperator => "empty operator",
        _ => kind.ToString().ToLowerInvariant(),
    };

    static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{line}\n"));
}
