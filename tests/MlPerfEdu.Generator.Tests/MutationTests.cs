using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using MlPerfEdu.Catalog;
using MlPerfEdu.Fuzz;
using Diagnostic = MlPerfEdu.Catalog.Diagnostic;

namespace MlPerfEdu.Generator.Tests;

/// <summary>Whatever happens to workloads.yaml, the answer is a harmless class per entry or a list of coded mistakes.</summary>
public class MutationTests(ITestOutputHelper output)
{
    static readonly string Original = File.ReadAllText(Repository.PathOf("workloads/workloads.yaml"));
    static readonly string Serving = File.ReadAllText(Repository.PathOf("workloads/Serving/serving.yaml"));
    static readonly YamlLocation Yaml = new("../workloads.yaml", "workloads.yaml");

    static readonly int[] AllSeeds = [.. Enumerable.Range(0, 200)];

    [Fact]
    public void A_damaged_file_gives_harmless_code_or_coded_mistakes() => Fuzzing.Try(AllSeeds.Length, output, seed =>
    {
        var bytes = new YamlMutation(Original, seed).Apply();
        var (read, code) = Fuzzing.OnSmallStack(() =>
        {
            var read = WorkloadCatalogReader.ReadBytes(bytes, "workloads.yaml");
            return (read, read.Catalog is { } catalog ? TestClassEmitter.Emit(catalog, Yaml) : null);
        });
        if (read.Catalog is { } catalog)
            AssertHarmless(catalog, code!);
        else
            AssertCoded(read.Diagnostics, bytes);
    });

    [Fact]
    public void A_damaged_serving_yaml_gives_harmless_code_or_coded_mistakes() => Fuzzing.Try(50, output, seed =>
    {
        var (path, bytes) = (Path.GetTempFileName(), new YamlMutation(Serving, seed).Apply());
        try
        {
            File.WriteAllBytes(path, bytes);
            var read = Fuzzing.OnSmallStack(() => KernelCatalogReader.Read(path));
            if (read.Modules is not { } modules)
            {
                AssertCoded(read.Diagnostics, bytes);
                return;
            }
            Registry registry = new("module", [.. modules.Select(module => new RegistryEntry(module.Id, module.Line))], [("Does_it", "CheckIt")], Yaml);
            Assert.Empty(CSharpSyntaxTree.ParseText(RegistryTestEmitter.Emit("serving", [registry])).GetDiagnostics());
        }
        finally
        {
            File.Delete(path);
        }
    });

    [Fact]
    public void The_damage_is_varied()
    {
        var reads = AllSeeds.Select(seed => WorkloadCatalogReader.ReadBytes(new YamlMutation(Original, seed).Apply(), "workloads.yaml")).ToList();
        Assert.InRange(reads.Count(read => read.Catalog is not null), 5, 100);
        Assert.InRange(reads.SelectMany(read => read.Diagnostics).Select(found => found.Code).Distinct().Count(), 15, 100);
    }

    [Fact]
    public void The_damage_is_the_same_every_time() =>
        Assert.All(AllSeeds, seed => Assert.Equal(new YamlMutation(Original, seed).Apply(), new YamlMutation(Original, seed).Apply()));

    // With every name and string replaced by its kind, each class must be the same as that of a plain entry.
    static void AssertHarmless(WorkloadCatalog catalog, string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code);
        Assert.Empty(tree.GetDiagnostics());
        Assert.DoesNotContain(tree.GetRoot().DescendantTrivia(), trivia => trivia.IsDirective && trivia.GetStructure() is not (LineDirectiveTriviaSyntax or NullableDirectiveTriviaSyntax));
        var classes = tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>().ToList();
        Assert.Equal(catalog.Entries.Select(entry => PascalCase(entry.Id)), classes.Select(type => type.Identifier.Text));
        foreach (var (entry, type) in catalog.Entries.Zip(classes))
        {
            if (entry is WorkloadEntry)
                Assert.Equal(Plain(withBudget: entry.Budget is not null), Shape(type));
            var strings = type.DescendantTokens().Where(token => token.IsKind(SyntaxKind.StringLiteralToken)).Select(token => token.ValueText);
            Assert.Equal([.. Strings(entry), .. entry.Budget is null ? Array.Empty<string>() : [$"workloads.yaml:{entry.BudgetLine}"]], strings);
        }
    }

    static string[] Strings(CatalogEntry entry) => entry switch
    {
        WorkloadEntry workload =>
        [
            "Suite", entry.Suite, "Workload", entry.Id, "Scenario", workload.Scenario, "Tier", entry.Tier, entry.Id,
            $"workloads.yaml:{workload.Data[0].QualityTarget.Line}", "working_set", "arithmetic_intensity", "dispatch",
        ],
        InferenceEntry inference =>
        [
            "Suite", entry.Suite, "Workload", entry.Id, "Scenario", inference.Scenario, "Tier", entry.Tier, entry.Id,
            .. inference.Checks.SelectMany(check => new[] { check.Metric, $"workloads.yaml:{check.Line}" }),
            "working_set", "arithmetic_intensity", "dispatch",
        ],
        ExperimentEntry experiment =>
        [
            "Suite", entry.Suite, "Workload", entry.Id, "Tier", entry.Tier, entry.Id,
            .. experiment.Checks.SelectMany(check => new[] { check.Metric, $"workloads.yaml:{check.Line}" }),
        ],
        _ => [],
    };

    static readonly Lazy<string[]> PlainShapes = new(() =>
    [
        .. new[] { Sample.Text.Replace("      budget: { seconds: 60, memory_mb: 2048 }\n", "", StringComparison.Ordinal), Sample.Text }.Select(text =>
            Shape(CSharpSyntaxTree.ParseText(TestClassEmitter.Emit(Sample.Catalog(text), Yaml)).GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>().First())),
    ]);

    // A test asserts the memory budget only of an entry that has one.
    static string Plain(bool withBudget) => PlainShapes.Value[withBudget ? 1 : 0];

    static string Shape(TypeDeclarationSyntax type) => string.Join(' ', type.DescendantTokens().Select(token =>
        token.IsKind(SyntaxKind.StringLiteralToken) ? "STRING" : token.ValueText == type.Identifier.ValueText ? "CLASS" : token.Text));

    static void AssertCoded(IReadOnlyList<Diagnostic> found, byte[] bytes)
    {
        Assert.NotEmpty(found);
        var lines = bytes.Count(value => value == '\n') + 2;
        Assert.All(found, diagnostic =>
        {
            Assert.Matches(@"^MLP00[0-5][0-9]\z", diagnostic.Code);
            Assert.InRange(diagnostic.Line, 1, lines);
            Assert.InRange(diagnostic.Column, 1, bytes.Length + 1);
            Assert.Matches(@"^Found .* Expected .*\z", diagnostic.Message);
            Assert.DoesNotContain(diagnostic.Message, char.IsControl);
        });
    }

    static string PascalCase(string id)
    {
        var name = System.Text.RegularExpressions.Regex.Replace(id, "(^|-)([a-z0-9])", match => match.Groups[2].Value.ToUpperInvariant());
        return char.IsDigit(name[0]) ? "_" + name : name;
    }
}
