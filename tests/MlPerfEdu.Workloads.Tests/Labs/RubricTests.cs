using MlPerfEdu.Catalog;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests.Labs;

public class RubricTests
{
    [Theory]
    [InlineData("first-lab:", "frist-lab:", "(4,3)", "Did you mean 'first-lab'?")]
    [InlineData("target: {", "targets: {", "(5,5)", "Did you mean 'target'?")]
    [InlineData("target: { points: 4 }", "target: { points: 0 }", "(5,23)", "a number from 1 to 1000")]
    [InlineData("target: { points: 4 }", "target: { points: 2.5 }", "(5,23)", "a whole number")]
    [InlineData("target: { points: 4 }", "target: 4", "(5,13)", "a mapping with the keys points")]
    [InlineData("full_up_to: 2, ", "full_up_to: 6, ", "(7,37)", "the first below the second")]
    [InlineData("full_up_to: 2, ", "", "(7,12)", "no key 'full_up_to'")]
    [InlineData("none_from: 5", "none_from: .inf", "(7,51)", "a decimal number")]
    [InlineData("course: Tests", "course: !!js/function 'f'", "(2,9)", "no tags")]
    [InlineData("course: Tests", "course: &c Tests", "(2,9)", "no anchors")]
    [InlineData("schema: 1", "schema: 2", "(1,9)", "1, which this build reads")]
    public void A_mistake_is_told_with_its_place_and_what_to_do(string text, string instead, string place, string message)
    {
        using var course = new Course();
        Assert.Contains(text, Course.Rubric);
        var file = course.Clone.Write("grading.yaml", Course.Rubric.Replace(text, instead));
        var answer = Answer.To(course.Clone, ["grade", "--rubric", file, "--evidence", course.Folder]);
        Assert.Contains("MLP2011", answer.Error);
        Assert.Contains($"{file}{place}: error MLP00", answer.Error);
        Assert.Contains(message, answer.Error);
        Assert.Equal("", answer.Out);
    }

    [Fact]
    public void The_project_s_own_labs_are_five_that_fit_a_small_machine_and_an_hour()
    {
        var (repository, catalog) = (ThisClone.Repository, ThisClone.Catalog);
        var labs = LabsReader.Read(repository.LabsYaml, catalog);
        Assert.Empty(labs.Diagnostics);
        Assert.Equal(5, labs.Content!.Count);
        Assert.All(labs.Content, lab => Assert.True(lab.Workload.Budget is { Seconds: < 540, MemoryMb: <= 2048 }, $"{lab.Id}: {lab.Workload.Budget}"));

        var rubric = RubricReader.Read(repository.RubricYaml, labs.Content);
        Assert.Empty(rubric.Diagnostics);
        Assert.Equal(labs.Content.Select(lab => lab.Id), rubric.Content!.Labs.Select(lab => lab.Lab.Id));
        Assert.Equal(100, rubric.Content.Points);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 10)]
    [InlineData(2.0000001, 9)]
    [InlineData(4, 5)]
    [InlineData(7.9999, 0)]
    [InlineData(8, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    public void Points_fall_with_the_factor_and_are_never_rounded_up(double factor, int points) =>
        Assert.Equal(points, new GradedFactor(10, 2, 8).For(factor));
}
