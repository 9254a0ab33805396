using Microsoft.Build.Utilities;
using MlPerfEdu.Tasks;

namespace MlPerfEdu.Build.Tests;

public sealed class TaskTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-task-").FullName;
    readonly FakeBuildEngine engine = new();

    string Yaml => Path.Combine(folder, "workloads.yaml");
    string Output => Path.Combine(folder, "obj", "Workloads.g.cs");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_valid_file_is_written_whole_with_line_feeds_and_without_a_byte_order_mark()
    {
        File.WriteAllText(Yaml, Story.OriginalYaml);
        Assert.True(Task().Execute());
        var bytes = File.ReadAllBytes(Output);
        Assert.Equal((byte)'/', bytes[0]);
        Assert.DoesNotContain((byte)'\r', bytes);
        Assert.Equal([Output], Directory.EnumerateFiles(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public void The_output_is_written_again_even_if_it_is_the_same()
    {
        File.WriteAllText(Yaml, Story.OriginalYaml);
        Task().Execute();
        File.SetLastWriteTimeUtc(Output, DateTime.UnixEpoch);
        Task().Execute();
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(Output));
    }

    [Fact]
    public void A_compiler_that_reads_the_old_output_meanwhile_reads_all_of_it()
    {
        File.WriteAllText(Yaml, Story.OriginalYaml);
        Task().Execute();
        var before = File.ReadAllText(Output);
        using var reader = new StreamReader(new FileStream(Output, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        File.WriteAllText(Yaml, "# A line more moves every directive.\n" + Story.OriginalYaml);
        Task().Execute();

        Assert.NotEqual(before, File.ReadAllText(Output));
        Assert.Equal(before, reader.ReadToEnd());
    }

    [Fact]
    public void A_mistake_carries_code_file_place_and_link_and_leaves_the_old_output()
    {
        File.WriteAllText(Yaml, Story.OriginalYaml);
        Task().Execute();
        var before = File.ReadAllText(Output);
        File.WriteAllText(Yaml, Story.OriginalYaml.Replace("tier: quick", "tier: '{0} %20 $(x)'"));
        Assert.False(Task().Execute());
        var error = Assert.Single(engine.Errors);
        Assert.Equal(("MLP0027", Yaml, 17, 13), (error.Code, error.File, error.LineNumber, error.ColumnNumber));
        Assert.Equal(new Uri(Path.Combine(folder, "README.md")).AbsoluteUri + "#mlp0027", error.HelpLink);
        Assert.Contains("'{0} %20 $(x)'", error.Message);
        Assert.EndsWith("(build/README.md#mlp0027)", error.Message);
        Assert.Equal(before, File.ReadAllText(Output));
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_a_coded_error()
    {
        File.WriteAllText(Yaml, Story.OriginalYaml);
        Directory.CreateDirectory(Output);
        Assert.False(Task().Execute());
        Assert.Equal(("MLP0081", Output), (engine.Errors[0].Code, engine.Errors[0].File));
    }

    [Fact]
    public void A_failure_nobody_foresaw_is_called_our_bug()
    {
        File.WriteAllText(Yaml, Story.OriginalYaml);
        var task = Task();
        task.OutputFile = null!;
        Assert.False(task.Execute());
        Assert.Equal("MLP0080", engine.Errors[^1].Code);
        Assert.Contains("this is our bug", engine.Errors[^1].Message);
    }

    GenerateWorkloadTests Task() => new()
    {
        BuildEngine = engine,
        WorkloadsYaml = new TaskItem(Yaml),
        OutputFile = new TaskItem(Output),
        RepositoryRoot = new TaskItem(folder),
        Documentation = new TaskItem(Path.Combine(folder, "README.md")),
    };
}
