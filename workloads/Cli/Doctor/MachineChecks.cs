using System.Diagnostics;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Workloads.Cli.Doctor;

/// <summary>Memory, clock and what the machine says about itself.</summary>
static class MachineChecks
{
    // The project's first release: nothing can have been measured before.
    static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="freeMemory">Null where the system does not say.</param>
    /// <param name="neededMemory">Of the largest budget in workloads.yaml.</param>
    /// <param name="newestEvidence">As sidecars spell a moment; null without evidence.</param>
    public static IEnumerable<Checkup> Of(MachineFacts facts, long? freeMemory, double neededMemory, DateTimeOffset now, string? newestEvidence)
    {
        yield return facts.CpuModel == MachineFacts.Unknown
            ? Checkup.Warn("machine", $"{MachineClass.Of(facts)}, model unknown", "Peaks are kept under what is known of the machine; nothing to do.")
            : Checkup.Ok("machine", $"{facts.CpuModel}, {MachineClass.Of(facts)}");
        yield return facts.LastLevelCacheBytes is { } cache
            ? Checkup.Ok("last-level cache", $"{Units.Si(cache, "B")}, as the system states")
            : Checkup.Warn("last-level cache", "the system states none", "The probe of `mlperfedu peaks` decides alone; nothing to do.");
        yield return Memory(freeMemory, neededMemory);
        yield return Clock(now, newestEvidence);
        yield return Stopwatch.IsHighResolution
            ? Checkup.Ok("timer", $"{1e9 / Stopwatch.Frequency:0.#} ns steps")
            : Checkup.Warn("timer", $"{1e3 / Stopwatch.Frequency:0.#} ms steps", "Short steps cannot be timed here: measure on another machine.");
    }

    static Checkup Memory(long? free, double needed) => free switch
    {
        null => Checkup.Ok("free memory", "not said by the system"),
        { } bytes when bytes < needed => Checkup.Warn("free memory", Units.Si(bytes, "B"), $"The largest workload may need {Units.Si(needed, "B")}: close other programs."),
        { } bytes => Checkup.Ok("free memory", Units.Si(bytes, "B")),
    };

    static Checkup Clock(DateTimeOffset now, string? newestEvidence)
    {
        var moment = EvidenceFile.Moment(now);
        return now < Earliest || string.CompareOrdinal(moment, newestEvidence) < 0
            ? Checkup.Warn("clock", $"{moment}, earlier than {(now < Earliest ? "this program" : $"evidence of {newestEvidence}")}",
                "`newest` means nothing with a wrong clock: set it.")
            : Checkup.Ok("clock", moment);
    }
}
