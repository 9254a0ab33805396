using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Workloads.Cli.Doctor;

/// <summary>What <see cref="TorchChecks"/> looks at.</summary>
/// <param name="Adjusted">Whether TorchSharp's library is the copy for an older libstdc++.</param>
sealed record TorchFacts(string TorchSharp, string Libtorch, bool Adjusted, int Threads, int AvailableThreads)
{
    /// <summary>Starts libtorch.</summary>
    public static TorchFacts OfThisProcess()
    {
        var start = Roofline.Torch.Libtorch.Start();
        return new(start.TorchSharpVersion, start.Version, start.Adjusted, start.Threads, Environment.ProcessorCount);
    }
}

/// <summary>The engine, its threads, and how memory is allocated.</summary>
static class TorchChecks
{
    public static IEnumerable<Checkup> Of(TorchFacts facts, Func<string, string?> variable)
    {
        yield return Checkup.Ok("TorchSharp", facts.Adjusted ? $"{facts.TorchSharp}, its copy for a libstdc++ older than GCC 13's" : facts.TorchSharp);
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
        ? Checkup.Warn("allocator", $"LD_PRELOAD={preloaded}", "Another allocator makes timings hard to compare: unset LD_PRELOAD unless that is wanted.")
        : Checkup.Ok("allocator", OperatingSystem.IsLinux() ? "malloc, keeping freed blocks for the next step" : "the system's malloc");
}
