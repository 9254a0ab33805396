using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace MlPerfEdu.Workloads.Tests;

/// <summary>The arrows of CONTRIBUTING.md's picture: who may know whom, and no cycle between namespaces or from suite to suite.</summary>
public class ArchitectureTests
{
    const string Root = "MlPerfEdu.", NoSuite = "";

    // Who knows whom. What is not listed is forbidden.
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contract"] = [],
        ["Numerics"] = [],
        ["Catalog"] = ["Contract"],
        ["Roofline"] = ["Contract"],
        // The catalog has the one YAML reader.
        ["Data"] = ["Catalog"],
        ["Zoo"] = ["Catalog"],
        ["Labs"] = ["Catalog", "Contract", "Roofline"],
        ["Generator"] = ["Catalog", "Contract"],
        ["Serving"] = ["Catalog", "Numerics", "Roofline"],
        ["Engine"] = ["Catalog", "Contract", "Data", "Numerics", "Roofline"],
        ["Cli"] = ["Catalog", "Contract", "Data", "Engine", "Labs", "Numerics", "Roofline", "Serving", "Zoo"],
        ["Workloads"] = ["Catalog", "Cli", "Contract", "Data", "Engine", "Numerics", "Roofline", "Serving", "Zoo"],
    };

    // Agents answer with the language models of suite cloud.
    static readonly (string From, string To) Known = ("Agent", "Cloud");

    static readonly Architecture Built = new ArchLoader()
        .LoadAssemblies([.. Allowed.Keys.Select(name => Assembly.Load(Root + name))])
        .Build();

    [Fact]
    public void Arrows_between_libraries_go_one_way()
    {
        var wrong = Arrows(type => Library(type.Assembly.Name.Split(',')[0]))
            .Where(arrow => !Allowed[arrow.From].Contains(arrow.To));
        AssertNone(wrong, "libraries that know what they must not",
            "only the arrows of CONTRIBUTING.md's picture, which point down",
            $"move the code to where both are known, or, if the picture is to change, change it and {nameof(Allowed)} in {nameof(ArchitectureTests)}.cs");
    }

    [Fact]
    public void Suites_do_not_know_each_other()
    {
        var wrong = Arrows(type => Suite(type.Namespace.FullName))
            .Where(arrow => arrow.From != NoSuite && arrow.To != NoSuite && (arrow.From, arrow.To) != Known);
        AssertNone(wrong, "suites that use each other", "a suite that is read without opening another one",
            "move what both need to workloads/Engine or workloads/Numerics");
    }

    [Fact]
    public void Namespaces_have_no_cycles()
    {
        var arrows = Arrows(type => type.Namespace.FullName).ToList();
        var next = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        AssertNone(arrows.Where(arrow => Reaches(next, arrow.To, arrow.From)), "namespaces that use each other in a cycle",
            "folders that can be read one after the other", "turn one of these arrows: move a type, or pass a value or a delegate instead");
    }

    static void AssertNone(IEnumerable<Arrow> wrong, string found, string expected, string cure)
    {
        var lines = wrong.Select(arrow => $"  {arrow}").ToList();
        Assert.True(lines.Count == 0, $"found {found}:\n{string.Join('\n', lines)}\n→ expected {expected} → {cure}.");
    }

    /// <summary>One line for each pair of parts, with two types as the example.</summary>
    static IEnumerable<Arrow> Arrows(Func<IType, string> part) => Built.Types
        .Where(type => type.FullName.StartsWith(Root, StringComparison.Ordinal))
        .SelectMany(type => type.Dependencies
            .Select(dependency => dependency.Target)
            .Where(target => target is not GenericParameter && target.FullName.StartsWith(Root, StringComparison.Ordinal))
            .Select(target => new Arrow(part(type), part(target), $"{type.Name} uses {target.Name}")))
        .Where(arrow => arrow.From != arrow.To)
        .DistinctBy(arrow => (arrow.From, arrow.To))
        .OrderBy(arrow => arrow.From, StringComparer.Ordinal).ThenBy(arrow => arrow.To, StringComparer.Ordinal);

    static bool Reaches(ILookup<string, string> next, string from, string to)
    {
        var (seen, open) = (new HashSet<string>(), new Stack<string>([from]));
        while (open.TryPop(out var part))
        {
            if (part == to) return true;
            if (!seen.Add(part)) continue;
            foreach (var other in next[part]) open.Push(other);
        }
        return false;
    }

    static string Library(string assembly) => assembly[Root.Length..];

    // MlPerfEdu.Workloads.Tiny.AnomalyAe → Tiny
    static string Suite(string name) => name.Split('.') is [_, "Workloads", var suite, ..] ? suite : NoSuite;

    sealed record Arrow(string From, string To, string Example)
    {
        public override string ToString() => $"{From} → {To}: {Example}";
    }
}
