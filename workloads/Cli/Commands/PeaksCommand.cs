using System.CommandLine;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class PeaksCommand : CliCommand
{
    readonly Option<bool> _refresh = new("--refresh") { Description = "Measure again, although peaks of this machine are kept" };

    public PeaksCommand()
        : base("peaks", "Show this machine's facts and its measured peaks; measured once and kept per machine.",
            new("peaks", "From the cache, or measured now in about a minute."),
            new("peaks --refresh", "Measured again; leave the machine alone meanwhile."))
    {
        Add(_refresh);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var facts = session.Facts;
        var catalog = session.Catalog;
        var (peaks, sidecar) = session.Track("peaks", progress => session.Host.Peaks(session.Repository, catalog, parse.GetValue(_refresh), progress));
        session.Answer(
            new
            {
                MachineClass = session.MachineClass,
                Fingerprint = Fingerprint.Of(facts),
                Facts = facts,
                Peaks = peaks,
                GemmShares = GemmShare.Of(peaks),
                Sidecar = sidecar,
            },
            screen => Draw(screen, facts, peaks, sidecar));
        return ExitCode.Ok;
    }

    static void Draw(Screen screen, MachineFacts facts, MachinePeaks peaks, string? sidecar)
    {
        screen.Line($"{facts.CpuModel} ({MachineClass.Of(facts)})");
        Facts.Draw(screen, "Machine",
        [
            ("fingerprint", Fingerprint.Of(facts)),
            ("cores", $"{facts.PhysicalCores} physical, {facts.LogicalCores} logical, {facts.AvailableThreads} for this process"),
            ("vector extensions", string.Join(' ', facts.Isa)),
            ("memory", Units.Si(facts.MemoryBytes, "B")),
            .. facts.Caches.Select(cache => ($"L{cache.Level} {cache.Kind}", $"{Units.Si(cache.Bytes, "B")}{(cache.SharedBy > 0 ? $", shared by {cache.SharedBy}" : "")}")),
            ("backend", peaks.Backend),
            ("measured", $"{peaks.MeasuredAt}, {peaks.Threads} threads"),
            ("sidecar", sidecar ?? "not kept: the cache folder cannot be written"),
        ]);
        screen.Line();
        screen.Line(PeaksTable.Render(peaks).TrimEnd());
    }
}
