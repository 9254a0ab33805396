using MlPerfEdu.Engine.Mllog;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Workloads.Tests.LoadGen;

namespace MlPerfEdu.Workloads.Tests.Mllog;

/// <summary>MLCommons' own checkers on our logs: they accept what ours accepts, and reject what ours rejects.</summary>
public sealed class OfficialTests : IDisposable
{
    const string Accepted = "PACKAGE CHECKER FOUND NO ERRORS";

    readonly SampleLogs logs = new();

    public void Dispose() => logs.Dispose();

    public static TheoryData<string> EveryMistake => Mistakes.Names;

    [OfficialLoggingFact]
    public void The_compliance_checker_accepts_a_log_even_without_warnings()
    {
        var start = RuleFiles.Write(Path.Combine(logs.Folder, "rules"), ThisClone.Catalog);
        foreach (var result in SampleLogs.ResultsOf(logs.Package()))
        {
            var (exit, output) = OfficialTools.Run(OfficialTools.Logging, "", logs.Folder,
                "-m", "mlperf_logging.compliance_checker", "--usage", "training", "--ruleset", "6.1.0", "--werror", "--config", Path.GetFullPath(start), result);
            Assert.True(exit == 0 && output.Contains("SUCCESS"), output);
        }
    }

    [OfficialLoggingFact]
    public void The_package_checker_accepts_a_package_with_its_seeds_and_convergence()
    {
        var output = CheckPackage(logs.Package());
        Assert.Contains(Accepted, output);
        Assert.Contains("RCP Test Passed", output);
        Assert.DoesNotContain("Skipping benchmark", output);
    }

    [OfficialLoggingTheory]
    [MemberData(nameof(EveryMistake))]
    public void The_package_checker_rejects_each_of_our_mistakes(string name)
    {
        var package = logs.Package();
        Mistakes.Make(name, package);
        Assert.DoesNotContain(Accepted, CheckPackage(package));
    }

    [OfficialLoggingFact]
    public void The_package_checker_rejects_runs_that_converge_too_fast()
    {
        var package = logs.Package();
        foreach (var result in SampleLogs.ResultsOf(package))
            File.WriteAllText(result, File.ReadAllText(result).Replace("\"epoch_num\":2,", "\"epoch_num\":1,").Replace("\"samples_count\":6400,", "\"samples_count\":3200,"));
        Assert.Contains("RCP Test Failed", CheckPackage(package));
        var results = new PackageChecker(ThisClone.Catalog).Check(package.Folder).Results;
        Assert.Equal("MLP1611", ConvergenceCheck.Check(Assert.Single(results), ConvergenceTests.WithReference("closed"))?.Code);
    }

    public static TheoryData<string> Served => LoadGenLogTests.CommittedRuns;

    [OfficialInferenceTheory]
    [MemberData(nameof(Served))]
    public void The_log_parser_reads_the_committed_runs_under_load(string id)
    {
        var path = Path.Combine(logs.Folder, "mlperf_log_detail.txt");
        File.WriteAllText(path, LoadGenLogTests.OfCommitted(id).Detail());
        var (exit, output) = OfficialTools.Run(OfficialTools.Inference, "tools/submission", logs.Folder, "-m", "log_parser", "--input", path);
        Assert.True(exit == 0 && output.Contains("\"result_validity\": VALID"), output);
    }

    [OfficialInferenceTheory]
    [InlineData(LoadScenario.SingleStream)]
    [InlineData(LoadScenario.MultiStream)]
    [InlineData(LoadScenario.Server)]
    [InlineData(LoadScenario.Offline)]
    public void The_log_parser_reads_a_run_under_load(LoadScenario scenario)
    {
        var path = Path.Combine(logs.Folder, "mlperf_log_detail.txt");
        File.WriteAllText(path, LoadGenLogTests.Of(scenario).Detail());
        var (exit, output) = OfficialTools.Run(OfficialTools.Inference, "tools/submission", logs.Folder, "-m", "log_parser", "--input", path);
        Assert.True(exit == 0 && output.Contains("Number of errors: 0") && output.Contains($"\"effective_scenario\": {scenario}"), output);
    }

    string CheckPackage(ResultPackage package)
    {
        var start = RuleFiles.Write(Path.Combine(logs.Folder, "rules"), ThisClone.Catalog);
        var (rcps, entry) = (Path.Combine(logs.Folder, "rcps.json"), ConvergenceTests.WithReference());
        File.WriteAllText(rcps, ReferencePoint.Json(ConvergenceTests.First(entry)!));
        var driver = Path.Combine(ThisClone.Repository.Root, "tests", "MlPerfEdu.Workloads.Tests", "Mllog", "official_package.py");
        return OfficialTools.Run(OfficialTools.Logging, "", logs.Folder,
            driver, package.Folder, SampleLogs.Id, $"{ResultPackage.Runs}", Path.GetFullPath(start), rcps).Output;
    }
}
