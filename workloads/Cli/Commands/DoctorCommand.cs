using System.Diagnostics;

namespace MlPerfEdu.Cli.Commands;

sealed class DoctorCommand() : CliCommand(
    "doctor", "Check the tools, libtorch, the data, the clone and the machine, and advise on each problem.",
    new("doctor", "Everything that could keep a run from working or make it slow."),
    new("doctor --json", "The same for a bug report."))
{
    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        List<Checkup> checkups = [.. Torch(invocation), .. DataChecks.Of(invocation.Services.Variable), .. Clone(invocation)];
        var worst = checkups.Max(checkup => checkup.Health);
        invocation.Answer(new { Health = worst, Checks = checkups }, screen => Draw(screen, checkups, worst));
        return worst == Health.Fail ? ExitCode.Environment : ExitCode.Ok;
    }

    static IEnumerable<Checkup> Torch(Invocation invocation)
    {
        try
        {
            return TorchChecks.Of(invocation.Services.Torch(), invocation.Services.Variable);
        }
#pragma warning disable CA1031 // Anything that keeps libtorch from loading is this check's finding; the other checks go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return [Checkup.Fail("libtorch", error.Message, "Restore the packages again (`dotnet restore --force`), then `dotnet build`.")];
        }
    }

    static IEnumerable<Checkup> Clone(Invocation invocation)
    {
        Repository repository;
        try
        {
            repository = invocation.Repository;
        }
        catch (EnvironmentProblem missing)
        {
            return [Checkup.Fail("clone", missing.Message, "Change into the clone and run the command there.")];
        }
        var checks = new CloneChecks(repository, invocation.MachineClass);
        var newest = EvidenceStore.Below(repository.NewEvidenceFolder) is [.., var last] ? last.MeasuredAt : null;
        var now = invocation.Services.Clock.GetUtcNow();
        return
        [
            .. checks.Tools(invocation.Services.Variable),
            .. checks.Files(),
            .. MachineChecks.Of(invocation.Facts, MachineChecks.FreeMemoryBytes(), LargestBudget(repository), now, newest),
        ];
    }

    static double LargestBudget(Repository repository) =>
        WorkloadCatalogReader.Read(repository.WorkloadsYaml).Catalog?.Models.Max(entry => entry.Budget?.MemoryBytes) ?? 0;

    static void Draw(Screen screen, List<Checkup> checkups, Health worst)
    {
        screen.Table(["", "check", "found"], checkups, checkup => [Mark(checkup.Health), checkup.Subject, checkup.Found]);
        foreach (var checkup in checkups.Where(checkup => checkup.Health != Health.Ok))
            screen.Line($"{checkup.Subject}: {checkup.Advice}", checkup.Health == Health.Fail ? Tone.Bad : Tone.Warning);
        screen.Line(worst switch
        {
            Health.Ok => "All is well.",
            Health.Warn => "Everything works; see the advice above.",
            _ => "Something will not work; see the advice above.",
        }, Mark(worst).Tone);
    }

    static Cell Mark(Health health) => health switch
    {
        Health.Ok => new("OK", Tone.Good),
        Health.Warn => new("warn", Tone.Warning),
        _ => new("FAIL", Tone.Bad),
    };
}

/// <summary>Warn: works, but slower or less certain than it could. Fail: something will not work.</summary>
enum Health { Ok, Warn, Fail }

/// <param name="Advice">What to do about it; empty when all is well.</param>
sealed record Checkup(string Subject, Health Health, string Found, string Advice)
{
    public static Checkup Ok(string subject, string found) => new(subject, Health.Ok, found, "");
    public static Checkup Warn(string subject, string found, string advice) => new(subject, Health.Warn, found, advice);
    public static Checkup Fail(string subject, string found, string advice) => new(subject, Health.Fail, found, advice);
}

static class TorchChecks
{
    public static IEnumerable<Checkup> Of(TorchFacts facts, Func<string, string?> variable)
    {
        yield return Checkup.Ok("TorchSharp", facts.TorchSharp + (facts.Adjusted ? ", its copy for a libstdc++ older than GCC 13's" : ""));
        yield return Checkup.Ok("libtorch", facts.Libtorch);
        yield return Threads(facts);
        yield return Allocator(variable);
        if (variable("OMP_NUM_THREADS") is { Length: > 0 } omp)
            yield return Checkup.Warn("OMP_NUM_THREADS", omp, "It may cap libtorch's threads: unset it unless that is wanted.");
    }

    static Checkup Threads(TorchFacts facts) => facts.Threads switch
    {
        var threads when threads > facts.AvailableThreads => Checkup.Warn("threads", $"{threads} on {facts.AvailableThreads} processors",
            "More threads than processors only wait: unset OMP_NUM_THREADS."),
        1 when facts.AvailableThreads > 1 => Checkup.Warn("threads", $"1 of {facts.AvailableThreads} processors",
            "Training uses one processor: unset OMP_NUM_THREADS."),
        _ => Checkup.Ok("threads", $"{facts.Threads} of {facts.AvailableThreads} processors"),
    };

    static Checkup Allocator(Func<string, string?> variable) => variable("LD_PRELOAD") is { Length: > 0 } preloaded
        ? Checkup.Warn("allocator", $"LD_PRELOAD={preloaded}",
            "Another allocator makes timings hard to compare: unset LD_PRELOAD unless that is wanted.")
        : Checkup.Ok("allocator", OperatingSystem.IsLinux() ? "malloc, keeping freed blocks for the next step" : "the system's malloc");
}

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
        { } bytes when bytes < needed => Checkup.Warn(
            "free memory", Units.Si(bytes, "B"), $"The largest workload may need {Units.Si(needed, "B")}: close other programs."),
        { } bytes => Checkup.Ok("free memory", Units.Si(bytes, "B")),
    };

    static Checkup Clock(DateTimeOffset now, string? newestEvidence)
    {
        var moment = Timestamp.Text(now);
        return now < Earliest || string.CompareOrdinal(moment, newestEvidence) < 0
            ? Checkup.Warn("clock", $"{moment}, earlier than {(now < Earliest ? "this program" : $"evidence of {newestEvidence}")}",
                "With a wrong clock nobody can tell which evidence is the newest: set it.")
            : Checkup.Ok("clock", moment);
    }

    /// <summary>What can be used without swapping; null where the system does not say.</summary>
    public static long? FreeMemoryBytes()
    {
        try
        {
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
            return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
                ? long.Parse(kilobytes) * 1024
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
