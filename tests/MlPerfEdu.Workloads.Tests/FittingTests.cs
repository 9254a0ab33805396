using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests;

/// <summary>Sizes and recipes of workloads.yaml that cannot be trained with are the user's mistake, told before anything is trained.</summary>
public class FittingTests
{
    static readonly string Yaml = File.ReadAllText(ThisClone.Repository.WorkloadsYaml);

    [Theory]
    [InlineData("inputs: 784", "inputs: [784, 784]", "MLP0053", "geometry.inputs → expected a single number")]
    [InlineData("inputs: 784", "input: 784", "MLP0053", "found nothing for geometry.inputs")]
    [InlineData("hidden: 128", "hidden: 0", "MLP0053", "found 0 for geometry.hidden → expected whole numbers from 1")]
    [InlineData("code: 8 }", "code: 8.5 }", "MLP0053", "found 8.5 for geometry.code")]
    [InlineData("inputs: 784", "inputs: 100", "MLP1506", "cannot be built or take its first step")]
    [InlineData("hidden: 128", "hidden: 256", "MLP1509", "parameters → expected params: 302872")]
    public void Are_told_with_their_place_before_training(string passage, string replacement, string code, string message)
    {
        var answer = Run(Yaml.Replace(passage, replacement, StringComparison.Ordinal), "anomaly-ae-train");
        Assert.Equal(4, answer.Exit);
        Assert.Contains($"\nerror {code}: anomaly-ae-train: workloads.yaml(", answer.Error);
        Assert.Contains(message, answer.Error);
        Assert.Contains("→ correct the entry", answer.Error);
    }

    [Theory]
    [InlineData("inputs: 784", "inputs: -784", "MLP0026")]
    [InlineData("{ inputs: 784, hidden: 128, depth: 4, code: 8 }", "{}", "MLP0030")]
    public void Are_told_when_the_file_is_read(string passage, string replacement, string code)
    {
        var answer = Run(Yaml.Replace(passage, replacement, StringComparison.Ordinal), "anomaly-ae-train");
        Assert.Equal(4, answer.Exit);
        Assert.StartsWith("error MLP2011: ", answer.Error);
        Assert.Matches($@"workloads\.yaml\(\d+,\d+\): error {code}: ", answer.Error);
    }

    [Fact]
    public void A_batch_of_more_samples_than_there_are_is_the_entrys_mistake()
    {
        var entry = ThisClone.Entry("anomaly-ae-train");
        var choice = entry.Data.Single(of => of.Tier == "embedded");
        var refused = Assert.Throws<RunException>(() =>
        {
            var large = choice with { Recipe = choice.Recipe with { Batch = 1_000_000 } };
            using var workload = WorkloadFactory.Create(new WorkloadSetup(entry, large, DataStore.Open()));
            new TrainingLoop(entry, large, workload.Begin, new RunOptions { EvidenceFolder = "" }, new Silent()).Run(_ => { }, default);
        });
        Assert.Equal("MLP1506", refused.Code);
        Assert.Contains("A batch of 1000000 samples", refused.Message);
    }

    static Answer Run(string yaml, string id)
    {
        using var clone = new Clone();
        clone.Write("workloads/workloads.yaml", yaml);
        return Answer.To(clone, ["run", id, "--dataset", "synthetic-strokes", "--no-measure"], host => host with
        {
            Runner = (repository, catalog) => new WorkloadRunner(repository, catalog).Run,
        });
    }

    sealed class Silent : IRunProgress
    {
        public void Report(string phase, double share, string detail) => Assert.NotEqual("training", phase);
    }
}
