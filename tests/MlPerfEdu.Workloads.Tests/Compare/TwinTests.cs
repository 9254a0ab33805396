using System.Diagnostics;
using MlPerfEdu.Catalog;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Compare;

namespace MlPerfEdu.Workloads.Tests.Compare;

public class TwinTests
{
    [Fact]
    public void Every_workload_has_a_twin_in_its_folder() =>
        Assert.All(ThisClone.Catalog.Models, entry => Assert.True(File.Exists(ThisClone.Repository.TwinOf(entry.Id)), ThisClone.Repository.TwinOf(entry.Id)));

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static TheoryData<string> Workloads =>
        [.. ThisClone.Catalog.Models.Select(entry => entry.Id).Where(id => File.Exists(ThisClone.Repository.TwinOf(id)))];

    [PyTorchTheory]
    [MemberData(nameof(Workloads))]
    [Trait("Tier", "long")]
    public void A_twin_takes_steps_with_the_parameters_that_are_declared(string id)
    {
        var entry = (ModelEntry)ThisClone.Catalog.Find(id)!;
        using var twin = Start(ThisClone.Repository.TwinOf(id), id);

        Assert.Equal(entry.Params, twin.Facts.Parameters);
        Assert.Equal(2, twin.Facts.Threads);
        Assert.True(twin.Run(1, default) > 0);
    }

    [PyTorchFact]
    public void What_a_twin_prints_is_no_answer_and_what_it_throws_is_shown()
    {
        var script = Path.Combine(Directory.CreateTempSubdirectory("mlperfedu-twin-").FullName, "twin.py");
        File.WriteAllText(script, """
            def build(config):
                print("built for", config["batch"])
                calls = iter(range(2))
                return lambda: print("step", next(calls))
            """);
        using var twin = Start(script, "anomaly-ae-train");
        Assert.True(twin.Run(1, default) > 0);
        var problem = Assert.Throws<EnvironmentProblem>(() => twin.Run(1, default));
        Directory.Delete(Path.GetDirectoryName(script)!, recursive: true);

        Assert.Equal("MLP2072", problem.Code);
        Assert.Contains("StopIteration", problem.Message);
    }

    [PyTorchFact]
    public void A_twin_ends_within_its_step_when_nobody_listens_any_more()
    {
        var script = Path.Combine(Directory.CreateTempSubdirectory("mlperfedu-twin-").FullName, "twin.py");
        File.WriteAllText(script, "def build(config):\n    while True: pass\n");
        var start = new ProcessStartInfo(PyTorch.Python, [ThisClone.Repository.TwinHost, script]) { RedirectStandardInput = true };
        using var host = Process.Start(start)!;
        host.StandardInput.WriteLine("""{ "threads": 1, "seed": 1 }""");
        host.StandardInput.Close();
        var ended = host.WaitForExit(Patience);
        if (!ended)
            host.Kill();
        Directory.Delete(Path.GetDirectoryName(script)!, recursive: true);

        Assert.True(ended);
    }

    static TwinProcess Start(string script, string id)
    {
        var entry = (ModelEntry)ThisClone.Catalog.Find(id)!;
        var trainer = ThisClone.Catalog.TrainerOf(entry);
        var recipe = entry is WorkloadEntry ? trainer.Recipe : null;
        var environment = TwinEnvironment.Of(2);
        var config = TwinConfig.Of(entry, trainer, recipe, recipe?.Batch ?? 1, threads: 2, seed: 1);
        return TwinProcess.Start(PyTorch.Python, ThisClone.Repository.TwinHost, script, config, environment, Patience, default);
    }
}
