using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Doctor;

/// <summary>What <see cref="TorchChecks"/> looks at.</summary>
/// <param name="Provider">How TorchSharp was chosen: nuget, system or path.</param>
/// <param name="Blas">Path or words; null where the provider does not say.</param>
/// <param name="FastBlas">False when matrix products run in the reference implementation.</param>
sealed record TorchFacts(
    string Provider, string TorchSharpVersion, string? LibtorchVersion, string? Blas, bool? FastBlas, int Threads, int AvailableThreads)
{
    /// <summary>Loads libtorch. The stand-in's own class is no part of TorchSharp's API, so it is looked up by name.</summary>
    public static TorchFacts OfThisProcess()
    {
        var versions = Circumstances.Versions();
        var info = typeof(TorchSharp.torch).Assembly.GetType("TorchSharp.Provider.Info");
        return new(
            versions["torch_provider"],
            versions["torchsharp"],
            versions.GetValueOrDefault("libtorch"),
            info?.GetProperty("Blas")?.GetValue(null) as string,
            info?.GetProperty("IsFastBlas")?.GetValue(null) as bool?,
            TorchSharp.torch.get_num_threads(),
            Environment.ProcessorCount);
    }
}

/// <summary>libtorch, its BLAS, its threads, and how memory is allocated.</summary>
static class TorchChecks
{
    const string NotSaid = "not said by this provider";

    public static IEnumerable<Checkup> Of(TorchFacts facts, Func<string, string?> variable)
    {
        yield return Checkup.Ok("provider", $"TorchSharp {facts.TorchSharpVersion} from {facts.Provider}");
        yield return Checkup.Ok("libtorch", facts.LibtorchVersion ?? NotSaid);
        yield return Blas(facts);
        yield return BlasThreads(facts);
        yield return Threads(facts);
        yield return Allocator(facts, variable);
        if (variable("OMP_NUM_THREADS") is { Length: > 0 } omp)
            yield return Checkup.Warn("OMP_NUM_THREADS", omp, "It may cap libtorch's threads: unset it unless that is wanted.");
    }

    static Checkup Blas(TorchFacts facts) => facts switch
    {
        { Blas: null } => Checkup.Ok("BLAS", NotSaid),
        { FastBlas: false } => Checkup.Fail("BLAS", $"{facts.Blas}, the slow reference implementation",
            "Install OpenBLAS built for OpenMP (Debian: apt-get install libopenblas0-openmp)."),
        _ => Checkup.Ok("BLAS", facts.Blas),
    };

    // BLAS with threads of its own beside OpenMP's: both want every core, and each waits for the other.
    static Checkup BlasThreads(TorchFacts facts) => facts.Blas switch
    {
        null => Checkup.Ok("BLAS threads", NotSaid),
        // Debian calls the folder openblas-openmp, Fedora the file libopenblaso.
        var blas when blas.Contains("openmp", StringComparison.OrdinalIgnoreCase) || blas.Contains("openblaso", StringComparison.OrdinalIgnoreCase) => Checkup.Ok("BLAS threads", "shares OpenMP's"),
        var blas when blas.Contains("openblas", StringComparison.OrdinalIgnoreCase) => Checkup.Warn("BLAS threads", "its own, beside OpenMP's",
            "Steps take about twice as long: install libopenblas0-openmp."),
        _ => Checkup.Ok("BLAS threads", NotSaid),
    };

    static Checkup Threads(TorchFacts facts) => facts.Threads switch
    {
        var threads when threads > facts.AvailableThreads => Checkup.Warn("threads", $"{threads} on {facts.AvailableThreads} processors",
            "More threads than processors only wait: unset OMP_NUM_THREADS."),
        1 when facts.AvailableThreads > 1 => Checkup.Warn("threads", $"1 of {facts.AvailableThreads} processors",
            "Training uses one processor: unset OMP_NUM_THREADS."),
        _ => Checkup.Ok("threads", $"{facts.Threads} of {facts.AvailableThreads} processors"),
    };

    static Checkup Allocator(TorchFacts facts, Func<string, string?> variable) => variable("LD_PRELOAD") is { Length: > 0 } preloaded
        ? Checkup.Warn("allocator", $"LD_PRELOAD={preloaded}", "Another allocator makes timings hard to compare: unset LD_PRELOAD unless that is wanted.")
        : Checkup.Ok("allocator", facts.Provider == "system" ? "keeps freed blocks for the next step" : "libtorch's own");
}
