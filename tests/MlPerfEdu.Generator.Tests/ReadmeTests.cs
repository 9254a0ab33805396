using System.Text.RegularExpressions;

namespace MlPerfEdu.Generator.Tests;

/// <summary>Every code has a heading in build/README.md, so that a link in an error has a target.</summary>
public partial class ReadmeTests
{
    static readonly string Readme = File.ReadAllText(Repository.PathOf("build/README.md"));

    [Fact]
    public void Each_code_in_use_has_one_heading_and_each_heading_is_in_use()
    {
        var used = new[] { "build/Catalog", "build/Generator", "build/Tasks" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Append(Repository.PathOf("build/MlPerfEdu.Build.targets"))
            .Append(Repository.PathOf("workloads/Zoo/Registry/ZooCodes.cs"))
            .SelectMany(path => Code().Matches(File.ReadAllText(path)))
            .Select(match => match.Groups[1].Value)
            .ToList();
        // A code stands in one method, and so means one thing.
        Assert.Equal(used.Distinct().Count(), used.Count);
        Assert.Equal(used.Order(), Headings().Order());
    }

    [Fact]
    public void Each_heading_is_followed_by_a_cause_and_a_cure()
    {
        foreach (var code in Headings())
        {
            var section = Readme[Readme.IndexOf($"#### {code}\n", StringComparison.Ordinal)..].Split("\n####", 2)[0];
            Assert.True(section.Contains("Cause: ", StringComparison.Ordinal) && section.Contains("Cure: ", StringComparison.Ordinal), code);
        }
    }

    [Fact]
    public void Each_property_of_the_targets_is_in_its_table()
    {
        var properties = Directory.EnumerateFiles(Repository.PathOf("build"), "*.targets")
            .SelectMany(targets => Property().Matches(File.ReadAllText(targets)).Select(match => match.Groups[1].Value))
            .Concat(["UsesServing", "UsesWorkloads", "UsesZoo"])
            .Order();
        var listed = Row().Matches(Readme).Select(match => match.Groups[1].Value).Order();
        Assert.Equal(properties, listed);
    }

    static IEnumerable<string> Headings() => Heading().Matches(Readme).Select(match => match.Groups[1].Value);

    [GeneratedRegex("\"(MLP[0-9]{4})\"")]
    private static partial Regex Code();

    [GeneratedRegex("^#### (MLP[0-9]{4})$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("<([A-Z][A-Za-z]+) Condition=\"'\\$\\(\\1\\)' == ''\">")]
    private static partial Regex Property();

    [GeneratedRegex(@"^\| `([A-Z][A-Za-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
