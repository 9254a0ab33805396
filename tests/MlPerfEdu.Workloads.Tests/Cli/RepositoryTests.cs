using MlPerfEdu.Engine;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class RepositoryTests
{
    [Fact]
    public void The_clone_is_found_from_any_folder_in_it()
    {
        using var clone = new Clone();
        var inside = Directory.CreateDirectory(Path.Combine(clone.Repository.Root, "a", "b")).FullName;
        Assert.Equal(clone.Repository.Root, Repository.Find(Path.GetTempPath(), inside).Root);
    }

    [Fact]
    public void Outside_a_clone_the_error_names_where_it_looked()
    {
        var folder = Directory.CreateTempSubdirectory("no-clone").FullName;
        var problem = Assert.Throws<EnvironmentProblem>(() => Repository.Find(folder));
        Directory.Delete(folder);
        Assert.Equal("MLP2010", problem.Code);
        Assert.Contains($"'{folder}'", problem.Message);
    }

    [Fact]
    public void Outside_a_clone_a_command_exits_4()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, ["list"], services => services with { FindRepository = () => Repository.Find(Path.GetTempPath()) });
        Assert.Equal(4, answer.Exit);
        Assert.StartsWith("error MLP2010: found no MlPerfEdu.sln", answer.Error);
    }
}
