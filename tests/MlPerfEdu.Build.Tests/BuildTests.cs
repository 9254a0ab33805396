namespace MlPerfEdu.Build.Tests;

/// <summary>What a person sees who builds, edits and builds again.</summary>
[Collection(StoryCollection.Name)]
[Trait("Tier", "long")]
public class BuildTests(Story story)
{
    [Fact]
    public void From_nothing_two_projects_at_once_get_their_own_classes()
    {
        var step = story.FirstBuild;
        step.Transcript.MustSucceed();
        Assert.Equal(
            ["artifacts/obj/First/debug/Workloads.g.cs", "artifacts/obj/Second/debug/Workloads.g.cs", "artifacts/obj/Zoo/debug/Zoo.g.cs"],
            step.Generated.Keys.Order());
        Assert.Single(step.Generated.Values.Where(code => code != step.ZooCode).Distinct());
        Assert.Contains("public sealed class ToneNetTrain", step.Code);
        Assert.Contains("#line 36 \"../../../../workloads/workloads.yaml\"", step.Code);
        Assert.Contains("CheckQuality(\"workloads/workloads.yaml:36\")", step.Code);
        Assert.DoesNotContain(story.Folder, step.Code);
    }

    [Fact]
    public void A_second_build_has_nothing_to_do() => story.SecondBuild.Transcript.MustSucceed();

    [Fact]
    public void After_an_edit_of_the_yaml_only_the_consumer_is_compiled_again()
    {
        story.EditedYaml.Transcript.MustSucceed();
        Assert.Contains("workloads.yaml:37\")", story.EditedYaml.Code);
        Assert.Contains("artifacts/bin/First/debug/First.dll", story.EditedYaml.Rewritten);
        Assert.All(story.EditedYaml.Rewritten, path => Assert.Contains("/First/", path));
        story.StillUpToDate.Transcript.MustSucceed();
    }

    [Fact]
    public void Each_entry_of_the_zoo_gets_a_class()
    {
        Assert.Contains("[global::Xunit.Trait(\"Suite\", \"zoo\")]", story.FirstBuild.ZooCode);
        Assert.Contains("class Model_tone_net() : global::MlPerfEdu.Zoo.Tests.ModelTests(\"tone-net\")", story.FirstBuild.ZooCode);
        Assert.Contains("class Device_tone_chip() : global::MlPerfEdu.Zoo.Tests.DeviceTests(\"tone-chip\")", story.FirstBuild.ZooCode);
        Assert.Contains("#line 3 \"../../../../workloads/Zoo/models.yaml\"", story.FirstBuild.ZooCode);
        Assert.Contains("#line 3 \"../../../../workloads/Zoo/silicon.yaml\"", story.FirstBuild.ZooCode);
        Assert.DoesNotContain(story.Folder, story.FirstBuild.ZooCode);
        story.ZooUpToDate.Transcript.MustSucceed();
    }

    [Fact]
    public void After_an_edit_of_a_registry_the_zoo_and_its_tests_are_compiled_again_and_nothing_else()
    {
        story.EditedZoo.Transcript.MustSucceed();
        Assert.Contains("#line 4 \"../../../../workloads/Zoo/models.yaml\"", story.EditedZoo.ZooCode);
        Assert.Contains("artifacts/bin/Zoo/debug/Zoo.dll", story.EditedZoo.Rewritten);
        // The library holds the registries; its users get a new copy of it.
        Assert.All(story.EditedZoo.Rewritten, path => Assert.True(path.Contains("/Zoo/", StringComparison.Ordinal)
            || path.EndsWith("/MlPerfEdu.Zoo.dll", StringComparison.Ordinal), path));
        story.ZooStillUpToDate.Transcript.MustSucceed();
    }

    [Fact]
    public void Mistakes_in_both_registries_are_errors_of_one_build()
    {
        var errors = story.BrokenZoo.Transcript.MustFail().Errors();
        string[] expected =
        [
            $"{Story.Models}(7,17): error MLP2206: ", $"{Story.Models}(8,12): error MLP2207: ", $"{Story.Silicon}(4,5): error MLP2203: ",
            $"{Story.Silicon}(6,5): error MLP2202: ", $"{Story.Silicon}(9,16): error MLP2206: ",
        ];
        Assert.All(expected.Select(start => Path.Combine(story.Folder, start)), start =>
            Assert.Contains(errors, line => line.StartsWith(start, StringComparison.Ordinal)));
        Assert.All(errors, line => Assert.Matches("MLP22[0-9]{2}: .*[(]build/README.md#mlp22[0-9]{2}[)]", line));
        Assert.Equal(story.EditedZoo.ZooCode, story.BrokenZoo.ZooCode);
    }

    [Fact]
    public void Two_mistakes_are_two_errors_with_file_line_column_code_and_cure()
    {
        var errors = story.BrokenYaml.Transcript.MustFail().Errors();
        Assert.Equal(2, errors.Count);
        Assert.StartsWith($"{YamlPath}(17,13): error MLP0027: Found 'quik' for 'tier' of workload 'tone-net-train'.", errors[0]);
        Assert.Contains("Did you mean 'quick'? (build/README.md#mlp0027)", errors[0]);
        Assert.StartsWith($"{YamlPath}(39,20): error MLP0044: Found the data set 'noise'.", errors[1]);
        Assert.Equal(story.EditedYaml.Code, story.BrokenYaml.Code);
    }

    [Fact]
    public void Entries_and_implementations_that_do_not_match_are_errors()
    {
        var errors = story.RenamedEntry.Transcript.MustFail().Errors();
        Assert.Equal(2, errors.Count);
        Assert.StartsWith($"{YamlPath}(9,1): error MLP0061: Found the class 'MlPerfEdu.Workloads.TwoBits'", errors[0]);
        Assert.StartsWith($"{YamlPath}(60,1): error MLP0060: Found workload '3-bit-class' without an implementation.", errors[1]);
    }

    [Fact]
    public void Clean_takes_the_generated_file()
    {
        story.Cleaned.Transcript.MustSucceed();
        Assert.Null(story.Cleaned.Code);
    }

    [Fact]
    public void After_an_edit_of_the_generator_the_same_build_runs_the_new_one()
    {
        story.EditedGenerator.Transcript.MustSucceed();
        Assert.Contains("// One class per edited workload.", story.EditedGenerator.Code);
    }

    [Fact]
    public void A_property_that_changes_the_output_counts_as_an_input()
    {
        story.WithoutDirectives.Transcript.MustSucceed();
        Assert.Contains("#line", story.EditedGenerator.Code);
        Assert.DoesNotContain("#line", story.WithoutDirectives.Code);
    }

    [Fact]
    public void A_project_that_references_no_implementations_is_an_error() =>
        Assert.Contains("error MLP0064: Found no referenced project 'Nobody'.", Assert.Single(story.WithoutImplementations.Transcript.MustFail().Errors()));

    [Fact]
    public void A_runtime_identifier_moves_the_consumer_and_leaves_the_task()
    {
        story.ForOneRuntime.Transcript.MustSucceed();
        Assert.Contains("artifacts/obj/First/debug_linux-x64/Workloads.g.cs", story.ForOneRuntime.Generated.Keys);
        Assert.DoesNotContain(story.ForOneRuntime.Transcript.Lines, line => line.Contains("MlPerfEdu.Tasks/debug_linux-x64", StringComparison.Ordinal));
    }

    [Fact]
    public void A_design_time_build_before_the_first_real_one_passes()
    {
        story.OpenedInAnIde.Transcript.MustSucceed();
        Assert.Null(story.OpenedInAnIde.Code);
    }

    [Fact]
    public void The_task_answers_damaged_files_with_code_or_with_coded_errors()
    {
        var transcript = story.Damaged.Transcript.MustFail();
        foreach (var name in DamagedFiles.Names)
        {
            var errors = transcript.Errors().Where(line => line.StartsWith(Path.Combine(story.Folder, name) + ".yaml", StringComparison.Ordinal)).ToList();
            Assert.True(story.Damaged.Generated.ContainsKey(name + ".g.cs") == (errors.Count == 0), $"{name}: see {transcript.Path}");
            Assert.All(errors, line => Assert.Matches(@"\.yaml\(\d+,\d+\): error MLP00\d\d: Found ", line));
        }
        Assert.Contains("damaged/valid.g.cs", story.Damaged.Generated.Keys);
        Assert.Contains(transcript.Errors(), line => line.Contains("'$([System.IO.File]::ReadAllText(x)) %2a;@(Damaged) {0}'", StringComparison.Ordinal));
        Assert.DoesNotContain(transcript.Lines, line => line.Contains("MSB4018", StringComparison.Ordinal) || line.TrimStart().StartsWith("at ", StringComparison.Ordinal));
    }

    string YamlPath => Path.Combine(story.Folder, Story.Yaml);
}
