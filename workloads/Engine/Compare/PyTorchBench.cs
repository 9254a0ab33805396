using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Compare;

/// <summary>Compares workloads with their twins in one Python, under the settings of this process.</summary>
sealed class PyTorchBench(string python, string host, int threads)
{
    // The longest step is a second; building a large model may take a minute on a busy machine.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    const int Seed = 1;

    public string Python => python;

    public Comparison Compare(ModelEntry entry, Contestant ours, string twin, int turns, IRunProgress progress, CancellationToken stop)
    {
        progress.Report("starting PyTorch", 0, "");
        var environment = TwinEnvironment.Of(threads);
        var config = TwinConfig.Of(entry, ours.Trainer, ours.Recipe, ours.Batch, threads, Seed);
        using var process = TwinProcess.Start(python, host, twin, config, environment, Patience, stop);
        var facts = process.Facts;
        if (facts.Threads != threads)
            throw CompareErrors.OtherThreads(twin, facts.Threads, threads);
        if (facts.Parameters != entry.Params)
            throw CompareErrors.OtherModel(twin, facts.Parameters, entry.Params);
        var (steps, our, twins) = new Turns(ours.Step, process, progress, stop).Take(turns);
        return new(entry.Id, ours.Batch, steps, our, twins, facts);
    }
}
