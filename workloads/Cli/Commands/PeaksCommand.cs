using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Cli.Commands;

sealed class PeaksCommand() : CliCommand(
    "peaks", "Show this machine's facts and its peaks, which are measured once and then kept.",
    new("peaks", "The kept peaks; those that no run has needed yet are measured now, in less than a minute."),
    new("peaks --refresh", "Measured again; do not use the machine meanwhile."))
{
    readonly Option<bool> refresh = new("--refresh") { Description = "Measure again, even if peaks of this machine are kept" };

    protected override IReadOnlyList<Symbol> Inputs => [refresh];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var facts = invocation.Facts;
        var (peaks, sidecar) = invocation.Peaks(Enum.GetValues<PeakPart>(), parse.GetValue(refresh));
        invocation.Answer(
            new
            {
                MachineClass = invocation.MachineClass, Fingerprint = Fingerprint.Of(facts), Facts = facts,
                Peaks = peaks, GemmShares = GemmShare.Of(peaks), Sidecar = sidecar,
            },
            screen => Draw(screen, facts, peaks, sidecar));
        return ExitCode.Ok;
    }

    static void Draw(Screen screen, MachineFacts facts, MachinePeaks peaks, string? sidecar)
    {
        screen.Line($"{facts.CpuModel} ({MachineClass.Of(facts)})");
        screen.Facts("Machine",
        [
            ("fingerprint", Fingerprint.Of(facts)),
            ("cores", $"{facts.PhysicalCores} physical, {facts.LogicalCores} logical, {facts.AvailableThreads} for this process"),
            ("vector extensions", string.Join(' ', facts.Isa)),
            ("memory", Units.Si(facts.MemoryBytes, "B")),
            .. facts.Caches.Select(cache => (
                $"L{cache.Level} {cache.Kind}", Units.Si(cache.Bytes, "B") + (cache.SharedBy > 0 ? $", shared by {cache.SharedBy}" : ""))),
            ("backend", peaks.Backend),
            ("measured", $"{peaks.MeasuredAt}, {peaks.Threads} threads"),
            ("sidecar", sidecar ?? "not kept: the cache folder cannot be written"),
        ]);
        screen.Line();
        screen.Line(PeaksTable.Render(peaks).TrimEnd());
    }
}
