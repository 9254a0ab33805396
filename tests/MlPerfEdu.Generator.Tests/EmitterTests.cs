using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

public class EmitterTests
{
    static readonly YamlLocation Yaml = new("../../workloads/workloads.yaml", "workloads/workloads.yaml");

    readonly string emitted = TestClassEmitter.Emit(Sample.Catalog(Sample.Text), Yaml);

    [Fact]
    public Task Emits_one_class_per_workload()
    {
        var settings = new VerifySettings();
        settings.UseDirectory("../../snapshots/portable");
        return Verify(emitted, settings);
    }

    [Fact]
    public void What_it_emits_compiles_against_the_base_class()
    {
        const string baseClass =
            """
            namespace MlPerfEdu.Suites;
            public abstract class WorkloadTests
            {
                protected WorkloadTests(string id, Xunit.Abstractions.ITestOutputHelper output) { }
                protected void CheckQuality(string place) { }
                protected void CheckRegime(string axis) { }
                protected System.Threading.Tasks.Task CheckSnapshot() => System.Threading.Tasks.Task.CompletedTask;
                protected void CheckInvariants() { }
                protected void CheckMemory(string place) { }
            }
            public abstract class InferenceTests
            {
                protected InferenceTests(string id, Xunit.Abstractions.ITestOutputHelper output) { }
                protected void Check(string metric, string place) { }
                protected void CheckRegime(string axis) { }
                protected System.Threading.Tasks.Task CheckSnapshot() => System.Threading.Tasks.Task.CompletedTask;
                protected void CheckInvariants() { }
                protected void CheckMemory(string place) { }
            }
            public abstract class ExperimentTests
            {
                protected ExperimentTests(string id, Xunit.Abstractions.ITestOutputHelper output) { }
                protected void Check(string metric, string place) { }
                protected System.Threading.Tasks.Task CheckSnapshot() => System.Threading.Tasks.Task.CompletedTask;
                protected void CheckMemory(string place) { }
            }
            """;
        // A workload may have any name, also one of a type that the generated code needs.
        var hostile = Sample.With("    class: {", "    task: {").Replace("2-bit-class:", "fact-attribute:").Replace("tone-net-train", "system");
        foreach (var text in new[] { emitted, TestClassEmitter.Emit(Sample.Catalog(hostile), Yaml) })
            Assert.Empty(Compile.Errors(baseClass, text));
    }

    [Fact]
    public void Each_test_maps_to_its_line_of_the_yaml()
    {
        var lines = MappedLines(emitted);
        (string, string, string)[] expected =
        [
            ("ToneNetTrain", "Meets_its_quality_target", "quality_target: { metric: accuracy, at_least: 0.9 }"),
            ("ToneNetTrain", "Keeps_its_working_set", "working_set: { value"),
            ("ToneNetTrain", "Keeps_its_arithmetic_intensity", "arithmetic_intensity: { value"),
            ("ToneNetTrain", "Keeps_its_dispatch", "dispatch: { value"),
            ("ToneNetTrain", "Matches_its_snapshot", "    tone-net-train:"),
            ("ToneNetTrain", "Stays_within_its_memory_budget", "budget: { seconds: 60"),
            ("_2BitClass", "Keeps_its_dispatch", "2-bit-class:"),
            ("ToneServe", "Holds_check_1", "- { metric: cache_error"),
            ("ToneServe", "Keeps_its_dispatch", "    tone-serve:"),
            ("ToneSweep", "Holds_check_2", "- { metric: floor_seconds"),
            ("ToneSweep", "Matches_its_snapshot", "    tone-sweep:"),
            ("ToneSweep", "Stays_within_its_memory_budget", "budget: { seconds: 30"),
            ("Class", "Meets_its_quality_target", "quality_target: {metric: loss, at_most: 3}"),
        ];
        foreach (var (type, method, passage) in expected)
            Assert.Equal((Yaml.DirectivePath, Sample.PlaceOf(Sample.Text, passage).Line), lines[(type, method)]);
    }

    [Fact]
    public void Code_after_a_test_is_not_mapped()
    {
        var directives = emitted.Split('\n').Where(line => line.StartsWith("#line", StringComparison.Ordinal)).ToList();
        Assert.Equal(58, directives.Count);
        Assert.All(directives.Where((_, index) => index % 2 == 1), line => Assert.Equal("#line default", line));
    }

    [Fact]
    public void Directives_can_be_left_out() =>
        Assert.DoesNotContain("#line", TestClassEmitter.Emit(Sample.Catalog(Sample.Text), Yaml with { DirectivePath = null }));

    [Fact]
    public void The_same_catalog_gives_the_same_bytes()
    {
        Assert.Equal(emitted, TestClassEmitter.Emit(Sample.Catalog(Sample.Text.ReplaceLineEndings("\r\n")), Yaml));
        Assert.DoesNotContain('\r', emitted);
        Assert.EndsWith("}\n", emitted);
    }

    [Theory]
    [InlineData("/repo/workloads/workloads.yaml", "/repo/artifacts/obj/T/debug/Workloads.g.cs", "../../../../workloads/workloads.yaml")]
    [InlineData("/repo/a \"b/workloads.yaml", "/repo/obj/Workloads.g.cs", null)]
    [InlineData("/repo/a\nb/workloads.yaml", "/repo/obj/Workloads.g.cs", null)]
    public void The_yaml_is_named_relative_to_the_generated_file(string yaml, string output, string? directive)
    {
        var location = YamlLocation.Between(yaml, output, "/repo/", lineDirectives: true);
        Assert.Equal(directive, location.DirectivePath);
        Assert.Equal(yaml["/repo/".Length..], location.DisplayPath);
        Assert.Null(YamlLocation.Between(yaml, output, "/repo/", lineDirectives: false).DirectivePath);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("\"; System.IO.File.Delete(\"x\"); //")]
    [InlineData("back\\slash {0} $(X) %2a\r\n\t\0\u2028")]
    [InlineData("ä 漢 😀")]
    [InlineData("lone \ud800 surrogate")]
    public void A_literal_means_its_text(string text)
    {
        var literal = CSharpLiteral.Of(text);
        Assert.All(literal, unit => Assert.InRange(unit, ' ', '~'));
        var parsed = Assert.IsType<LiteralExpressionSyntax>(SyntaxFactory.ParseExpression(literal));
        Assert.Equal(text, parsed.Token.ValueText);
    }

    [Theory]
    [InlineData("anomaly-ae-train", "AnomalyAeTrain")]
    [InlineData("2-bit", "_2Bit")]
    [InlineData("class", "Class")]
    [InlineData("a-1b", "A1b")]
    public void Class_names_follow_the_words_of_the_id(string id, string expected)
    {
        Assert.Equal(expected, ClassName.Of(id));
        Assert.True(SyntaxFacts.IsValidIdentifier(expected));
    }

    static Dictionary<(string, string), (string, int)> MappedLines(string code) => CSharpSyntaxTree.ParseText(code).GetRoot()
        .DescendantNodes().OfType<MethodDeclarationSyntax>()
        .ToDictionary(
            method => (((ClassDeclarationSyntax)method.Parent!).Identifier.Text, method.Identifier.Text),
            method => method.ExpressionBody!.GetLocation().GetMappedLineSpan() is var span ? (span.Path, span.StartLinePosition.Line + 1) : default);
}
