using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Mllog;

namespace MlPerfEdu.Workloads.Tests.Mllog;

/// <summary>Logs and packages of runs that never were, written as runs write them.</summary>
sealed class SampleLogs : IDisposable
{
    public const string Id = "anomaly-ae-train";

    /// <summary>Two more evaluations than it takes: the second meets both targets.</summary>
    static readonly double[] Scores = [0.9, 0.985, 0.99];

    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-mllog-").FullName;

    public static WorkloadEntry Entry { get; } = ThisClone.Entry(Id);

    // Closed, because MLCommons' checker looks at seeds and convergence in that division only.
    static readonly DataChoice Mnist = Entry.Data[0] with { Recipe = Entry.Recipe with { Division = "closed" } };

    public string Folder => folder;

    /// <param name="meets">Whether its scores meet the targets of MNIST.</param>
    public string Write(int seed, bool meets = true)
    {
        using var log = RunLog.Begin(folder, Id, seed)!;
        log.Submission(Entry, Mnist, seed, "Model 9");
        log.RunStart();
        log.Samples(1000, 200);
        var steps = 0L;
        foreach (var score in Scores)
        {
            log.BlockStart(After(steps));
            steps += 50;
            log.Loss(After(steps), 0.5);
            log.BlockStop(After(steps));
            log.EvalStart(After(steps));
            log.Accuracy(After(steps), "auroc", meets ? score : score / 2);
            log.Accuracy(After(steps), "normal_mse", 0.01);
            log.EvalStop(After(steps));
            if (meets && Mnist.QualityTarget.IsMetBy(score))
                log.RunStop(After(steps), success: true);
        }

        log.RunStop(After(steps), success: false);
        log.Over();
        return log.Path;

        static Trained After(long steps) => new(steps, Mnist.Recipe);
    }

    /// <summary>Five seeds, laid out as `run --mllog` lays them out.</summary>
    public ResultPackage Package(int seeds = ResultPackage.Runs)
    {
        var package = new ResultPackage(Path.Combine(folder, "package"));
        var evidence = Cli.SampleEvidence.Of(Entry, "2026-01-31T12-00-00Z") with { Settings = new Dictionary<string, string> { ["recipe.Division"] = "closed" } };
        foreach (var seed in Enumerable.Range(1, seeds))
            package.Add(Write(seed), seed - 1, Entry, evidence);
        return package;
    }

    public static string[] ResultsOf(ResultPackage package) =>
        [.. Directory.EnumerateFiles(package.Folder, ResultPackage.ResultPattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<LogFinding> Check(ResultPackage package) => new PackageChecker(ThisClone.Catalog).Check(package.Folder).Findings;

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
