using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Cli.Commands;

sealed class PlotCommand() : CliCommand(
    "plot", "Draw rooflines, sweeps, caches and steps: as SVG in artifacts/evidence, and in the terminal.",
    new("plot", "All workloads under the roofs of their machine, and the plots of the experiments."),
    new("plot cache-probe", "One experiment, from its newest evidence."))
{
    const int WidthOffTerminal = 100;

    readonly Argument<string[]> what = ManyValues(
        "ID|PATH", "Workloads and experiments, drawn from their newest evidence, or sidecars; by default everything that was measured");

    protected override IReadOnlyList<Symbol> Inputs => [what];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var evidence = invocation.Evidence;
        var what = parse.GetValue(this.what)!;
        IEnumerable<IRunRecord?> found = what.Length == 0
            ? invocation.Catalog.Entries.Select(entry => evidence.Newest<IRunRecord>(entry.Id)?.Record)
            : what.Select(one => File.Exists(one) ? evidence.Read(one) : evidence.Newest<IRunRecord>(invocation.Entry(one).Id)?.Record);
        IRunRecord[] records = [.. found.OfType<IRunRecord>().DistinctBy(record => record.ContentSha256)];
        invocation.RemarkPassedOver();
        foreach (var record in records.OfType<ExperimentRecord>().Where(record => evidence.Derive(record) is null))
        {
            invocation.Remark($"{record.Experiment.Id} of {record.MeasuredAt} was measured for an earlier version of its entry and is not drawn; "
                + $"`mlperfedu run {record.Experiment.Id}` measures it again.");
        }
        var plots = PlotFiles.Write(records, invocation);
        if (plots.Count == 0)
            throw CliErrors.NothingToPlot();
        invocation.Answer(
            new { Files = plots.Select(plot => plot.File) },
            screen =>
            {
                var width = screen.Width ?? WidthOffTerminal;
                // Off a terminal nobody knows what the text will be shown with.
                var unicode = invocation.Services.Unicode && !screen.IsPlain;
                foreach (var (drawing, file) in plots)
                    screen.Line($"{drawing.Text(width, unicode).TrimEnd()}\n{file}\n");
            });
        return ExitCode.Ok;
    }
}

/// <summary>The plots of evidence: roofline and cache of each machine, the step of each workload, the drawings of each experiment.</summary>
static class PlotFiles
{
    /// <summary>Writes the files next to the evidence, and names them from the root of the clone.</summary>
    public static List<(IDrawing Drawing, string File)> Write(IReadOnlyList<IRunRecord> records, Invocation invocation)
    {
        var files = new List<(IDrawing, string)>();
        foreach (var (name, drawing) in Drawings(records, invocation.Evidence))
        {
            var path = Path.Combine(invocation.Repository.NewEvidenceFolder, $"{name}.svg");
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(drawing.Svg()));
            files.Add((drawing, invocation.Repository.Relative(path)));
        }
        return files;
    }

    static IEnumerable<(string Name, IDrawing Drawing)> Drawings(IReadOnlyList<IRunRecord> records, EvidenceStore evidence)
    {
        EvidenceRecord[] workloads = [.. records.OfType<EvidenceRecord>()];
        return workloads.GroupBy(record => record.Machine.Fingerprint).SelectMany(machine => OfMachine([.. machine]))
            .Concat(workloads.Where(record => record.Count.Layers.Count > 0)
                .Select(record => ($"{NameOf(record)}.step", (IDrawing)StepBreakdown.Of(record.Workload.Id, record.Count))))
            .Concat(records.OfType<ExperimentRecord>().SelectMany(record => (evidence.Derive(record)?.Drawings ?? [])
                .Select(drawing => ($"{NameOf(record)}.{drawing.Name}", drawing.Drawing))));
    }

    static IEnumerable<(string Name, IDrawing Drawing)> OfMachine(IReadOnlyList<EvidenceRecord> records)
    {
        var newest = records.MaxBy(record => record.MeasuredAt, StringComparer.Ordinal)!;
        // The plots of one sidecar bear its name; those of several bear the machine's, because others of its class have their own.
        var name = records.Count == 1 ? NameOf(newest) : $"{newest.Machine.Class}_{Fingerprint.Short(newest.Machine.Fingerprint)}";
        if (RooflinePlot.Of(newest.Peaks, newest.Machine.Facts.CpuModel, records) is { } roofline)
            yield return ($"{name}.roofline", roofline);
        var probe = newest.Peaks.LastLevelCache;
        if (CapacityPlot.Of(probe.Points, probe.Knee is { } knee ? [("end of the last-level cache", knee)] : []) is { } cache)
            yield return ($"{name}.cache", cache);
    }

    static string NameOf(IRunRecord record) => Path.GetFileNameWithoutExtension(EvidenceFile.Name(record));
}
