using System.Text.Json;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class JsonTests
{
    [Theory]
    [InlineData("list", "machine_class", "workloads")]
    [InlineData("show first-workload", "id", "settings", "data", "newest_evidence")]
    [InlineData("plot", "files")]
    [InlineData("verify", "checked", "findings", "sidecars", "passed")]
    [InlineData("peaks", "machine_class", "fingerprint", "facts", "peaks", "gemm_shares", "sidecar")]
    [InlineData("accept first-workload", "id", "machine_class", "changes")]
    [InlineData("doctor", "health", "checks")]
    [InlineData("report", "markdown", "trust", "workloads", "missing")]
    [InlineData("data list", "data_sets")]
    [InlineData("data verify", "passed", "data_sets")]
    [InlineData("zoo models", "models")]
    [InlineData("zoo silicon", "devices")]
    [InlineData("zoo predict resnet50 a100", "model", "device", "prediction", "sensitivity", "serving")]
    [InlineData("zoo fit llama3-8b", "model", "devices")]
    [InlineData("zoo sweep llama3-8b h100", "model", "over", "points")]
    [InlineData("zoo compare", "workloads", "median_error_before", "median_error_after", "fitted")]
    public void One_document_with_stable_keys(string commandLine, params string[] keys)
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        var answer = Answer.To(clone, $"{commandLine} --json");
        Assert.Equal(0, answer.Exit);
        Assert.All(keys, key => Assert.True(answer.Json.TryGetProperty(key, out _), $"{key} is missing in {answer.Out}"));
    }

    [Theory]
    [InlineData("show nope", "MLP2002", 2)]
    [InlineData("show --nope", "MLP2001", 2)]
    [InlineData("accept second-workload", "MLP2020", 1)]
    [InlineData("zoo predict nope a100", "MLP2211", 2)]
    [InlineData("zoo predict resnet50 nope", "MLP2212", 2)]
    [InlineData("zoo predict resnet50 a100 --dtype half", "MLP2050", 2)]
    [InlineData("zoo predict resnet50 a100 --batch 0", "MLP2213", 2)]
    [InlineData("zoo sweep resnet50 a100 --over context", "MLP2215", 2)]
    [InlineData("zoo sweep resnet50 a100 --over nothing", "MLP2001", 2)]
    public void An_error_is_a_document_too(string commandLine, string code, int exit)
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, $"{commandLine} --json");
        var error = answer.Json.GetProperty("error");
        Assert.Equal(exit, answer.Exit);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(exit, error.GetProperty("exit_code").GetInt32());
        Assert.StartsWith($"error {code}", answer.Error);
    }

    [Fact]
    public void A_broken_catalog_is_an_error_of_the_environment_with_every_mistake()
    {
        using var clone = new Clone();
        clone.Write("workloads/workloads.yaml", "schema: 1\nbogus: 2\n");
        var answer = Answer.To(clone, "list --json");
        Assert.Equal(4, answer.Exit);
        Assert.Equal("MLP2011", answer.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("workloads.yaml(2,1)", answer.Error);
        Assert.Equal(JsonValueKind.Object, answer.Json.ValueKind);
    }
}
