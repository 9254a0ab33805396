using MlPerfEdu.Engine.Mllog;

namespace MlPerfEdu.Cli.Commands;

sealed class MllogCheckCommand() : CliCommand(
    "check", "Check logs of `run --mllog` as MLCommons' checkers do: keys, order, scores, seeds, folders.",
    new("mllog check results", "A package: five runs of each benchmark, their seeds, and the descriptions of the systems."),
    new("mllog check results/results/linux-x64-avx2-llc32m-open/anomaly-ae-train/result_0.txt", "One log."))
{
    readonly Argument<string[]> paths = ManyValues("PATH", "Logs, or folders that `run --mllog` wrote", ArgumentArity.OneOrMore);

    protected override IReadOnlyList<Symbol> Inputs => [paths];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var (checkedPaths, findings) = (parse.GetValue(paths)!, new List<LogFinding>());
        foreach (var path in checkedPaths)
        {
            if (Directory.Exists(path))
                findings.AddRange(new PackageChecker(invocation.Catalog).Check(path).Findings);
            else
                findings.AddRange(File.Exists(path) ? LogChecker.Check(path, invocation.Catalog, out _) : throw CliErrors.NoLog(path));
        }

        return LogVerdict.Tell(invocation, new { Checked = checkedPaths, Findings = findings, Passed = findings.Count == 0 }, findings, "the logs");
    }
}

sealed class MllogRulesCommand() : CliCommand(
    "rules", "Write the rules of our benchmarks for MLCommons' compliance checker.",
    new Example("mllog rules rules", "Then: python -m mlperf_logging.compliance_checker --config $PWD/rules/start.yaml result_0.txt"))
{
    readonly Argument<string> folder = OneValue("DIR", "Where the rule files go; the checker finds them only there");

    protected override IReadOnlyList<Symbol> Inputs => [folder];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var start = RuleFiles.Write(parse.GetValue(folder)!, invocation.Catalog);
        invocation.Answer(
            new { Start = start, Benchmarks = invocation.Catalog.Workloads.Select(entry => entry.Id) },
            screen => screen.Line($"{invocation.Catalog.Workloads.Count} benchmarks; begin with {start}."));
        return ExitCode.Ok;
    }
}

sealed class RcpWriteCommand() : CliCommand(
    "write", "Write reference convergence points from the seeds of each entry's reference, in MLCommons' JSON.",
    new Example("rcp write --to rcps", "One file for each workload and data set that has them."))
{
    readonly Argument<string[]> ids = ManyValues("ID", "Workloads; by default all that have points");
    readonly Option<string> folder = WithDefault("--to", "Where the files go", "DIR", "rcps");

    protected override IReadOnlyList<Symbol> Inputs => [ids, folder];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var (named, folder) = (parse.GetValue(ids)!, parse.GetValue(this.folder)!);
        foreach (var id in named)
            invocation.Workload(id);
        var (written, without) = (new List<string>(), new List<string>());
        foreach (var entry in invocation.Catalog.Workloads.Where(entry => named.Length == 0 || named.Contains(entry.Id)))
        {
            foreach (var (dataset, division, found) in ReferencePoint.Of(entry))
            {
                if (found is not { } point)
                {
                    without.Add($"{entry.Id} on {dataset} ({division})");
                    continue;
                }

                var path = Path.Combine(folder, $"rcps_{entry.Id}_{dataset}_{division}.json");
                AtomicFile.Write(path, Encoding.UTF8.GetBytes(ReferencePoint.Json(point)));
                written.Add(path);
            }
        }

        invocation.Answer(
            new { Written = written, Without = without },
            screen =>
            {
                foreach (var path in written)
                    screen.Line(path);
                if (without.Count > 0)
                    screen.Line($"No samples to converge in workloads.yaml (reference.samples), so no points: {string.Join(", ", without)}.", Tone.Faint);
            });
        return ExitCode.Ok;
    }
}

sealed class RcpCheckCommand() : CliCommand(
    "check", "Check that runs need as many samples to converge as their reference: fewer than chance allows is suspicious.",
    new Example("rcp check results", "Every benchmark in a folder of `run --mllog`."))
{
    readonly Argument<string> folder = OneValue("DIR", "A folder that `run --mllog` wrote");

    protected override IReadOnlyList<Symbol> Inputs => [folder];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var folder = parse.GetValue(this.folder)!;
        if (!Directory.Exists(folder))
            throw CliErrors.NoLog(folder);
        var (results, problems) = new PackageChecker(invocation.Catalog).Check(folder);
        List<LogFinding> findings = [.. problems];
        foreach (var result in results)
        {
            if (invocation.Catalog.FindWorkload(result.Benchmark) is { } entry && ConvergenceCheck.Check(result, entry) is { } finding)
                findings.Add(finding);
        }

        return LogVerdict.Tell(invocation, new { Results = results, Findings = findings, Passed = findings.Count == 0 }, findings, "convergence");
    }
}

static class LogVerdict
{
    public static ExitCode Tell<T>(Invocation invocation, T document, List<LogFinding> findings, string what)
    {
        invocation.Answer(document, screen =>
        {
            foreach (var finding in findings)
                screen.Line(finding.ToString(), Tone.Bad);
            screen.Line(findings.Count == 0 ? $"{what}: all hold." : $"{what}: FAILED.", findings.Count == 0 ? Tone.Good : Tone.Bad);
        });
        return findings.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}
