using MlPerfEdu.Generator.Tests;

namespace MlPerfEdu.Build.Tests;

/// <summary>
/// A day with the clone: one command after the other, each starting from what the last one left, because a build from
/// nothing costs as much as all the rest. The tests judge the steps afterwards; none of them depends on another test.
/// </summary>
public sealed class Story : IDisposable
{
    public const string Yaml = "workloads/workloads.yaml";
    public const string Models = "workloads/Zoo/models.yaml";
    public const string Silicon = "workloads/Zoo/silicon.yaml";
    const string First = "tests/First";
    const string Emitter = "build/Generator/TestClassWriter.cs";

    readonly TemporaryClone clone = new();

    public Story()
    {
        clone.AddConsumers();
        clone.Write(Yaml, OriginalYaml);
        FirstBuild = Step(clone.Run("build", "Fixture.slnx"));
        SecondBuild = Step(Build("-question"));
        ZooUpToDate = Step(BuildZoo("-question"));
        EditedGenerator = EditGenerator();
        EditedYaml = EditYaml();
        StillUpToDate = Step(Build("-question"));
        EditedZoo = EditZoo();
        ZooStillUpToDate = Step(BuildZoo("-question"));
        BrokenZoo = BreakZoo();
        BrokenYaml = WithYaml(OriginalYaml.Replace("tier: quick", "tier: quik").Replace("dataset: synthetic-tones", "dataset: noise"));
        RenamedEntry = WithYaml(OriginalYaml.Replace("    2-bit-class:", "    3-bit-class:"));
        clone.Write(Yaml, OriginalYaml);
        WithoutDirectives = Step(Build("-p:WorkloadLineDirectives=false"));
        WithoutImplementations = Step(Build("-p:WorkloadImplementations=Nobody"));
        ForOneRuntime = Step(clone.Run("build", First, "-m:1", "-r", "linux-x64"));
        Damaged = DamageFiles();
        Cleaned = Step(clone.Run("clean", First));
        // The clean has taken the task too, as in a fresh clone.
        OpenedInAnIde = Step(clone.Run(
            "msbuild", First, "-t:ResolveReferences;IncludeWorkloadTests", "-p:DesignTimeBuild=true", "-p:BuildProjectReferences=false"));
    }

    public static string OriginalYaml { get; } = File.ReadAllText(Repository.PathOf("tests/MlPerfEdu.Generator.Tests/Samples/sample.yaml"));

    internal BuildStep FirstBuild { get; }
    internal BuildStep SecondBuild { get; }
    internal BuildStep EditedYaml { get; }
    internal BuildStep StillUpToDate { get; }
    internal BuildStep ZooUpToDate { get; }
    internal BuildStep EditedZoo { get; }
    internal BuildStep ZooStillUpToDate { get; }
    internal BuildStep BrokenZoo { get; }
    internal BuildStep BrokenYaml { get; }
    internal BuildStep RenamedEntry { get; }
    internal BuildStep Cleaned { get; }
    internal BuildStep EditedGenerator { get; }
    internal BuildStep WithoutDirectives { get; }
    internal BuildStep WithoutImplementations { get; }
    internal BuildStep ForOneRuntime { get; }
    internal BuildStep Damaged { get; }
    internal BuildStep OpenedInAnIde { get; }

    public string Folder => clone.Folder;

    public void Dispose() => clone.Dispose();

    // A line more each time, so that the lines in the generated code move.
    BuildStep EditYaml() => Rewriting(
        Yaml, OriginalYaml.Replace("at_least: 0.9 }", "at_least: 0.95 }").Replace("schema: 1\n", "schema: 1\n\n"), () => Build());

    BuildStep EditZoo() => Rewriting(Models, CloneFiles.ModelsYaml.Replace("schema: 1\n", "schema: 1\n\n"), () => BuildZoo());

    BuildStep BreakZoo()
    {
        clone.Write(Models, CloneFiles.ModelsYaml.Replace("3 M", "-3 M").Replace("600 MFLOP/image", "600 MB/image"));
        clone.Write(Silicon, CloneFiles.SiliconYaml.Replace("100 GB/s", "1e400 GB/s").Replace("year: 2026", "yaer: 2026"));
        return Step(BuildZoo());
    }

    BuildStep Rewriting(string path, string text, Func<Transcript> build)
    {
        var before = clone.Assemblies();
        clone.Write(path, text);
        var step = Step(build());
        return step with { Rewritten = [.. clone.Assemblies().Where(file => before.GetValueOrDefault(file.Key) != file.Value).Select(file => file.Key)] };
    }

    BuildStep WithYaml(string text)
    {
        clone.Write(Yaml, text);
        return Step(Build());
    }

    BuildStep EditGenerator()
    {
        clone.Replace(Emitter, "// One class per {what}.", "// One class per edited {what}.");
        return Step(Build());
    }

    BuildStep DamageFiles()
    {
        DamagedFiles.WriteTo(clone);
        return Step(clone.Run("msbuild", DamagedFiles.ProjectName));
    }

    // One project needs no second process, and nothing to restore after the first build.
    Transcript Build(params string[] arguments) => clone.Run(["build", First, "-m:1", "--no-restore", .. arguments]);

    Transcript BuildZoo(params string[] arguments) => clone.Run(["build", "tests/Zoo", "-m:1", "--no-restore", .. arguments]);

    BuildStep Step(Transcript transcript) => new(transcript)
    {
        Generated = Directory
            .EnumerateFiles(clone.Folder, "*.g.cs", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith("GlobalUsings.g.cs", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(clone.Folder, path).Replace('\\', '/'), File.ReadAllText),
    };
}

/// <summary>One command of the story and what it left behind.</summary>
sealed record BuildStep(Transcript Transcript)
{
    const string First = "artifacts/obj/First/debug/Workloads.g.cs";

    /// <summary>Every generated file in the clone by its path, also where none should be.</summary>
    public required Dictionary<string, string> Generated { get; init; }

    /// <summary>The assemblies that the command wrote, where the story looked.</summary>
    public IReadOnlyList<string> Rewritten { get; init; } = [];

    public string? Code => Generated.GetValueOrDefault(First);

    public string? ZooCode => Generated.GetValueOrDefault("artifacts/obj/Zoo/debug/Zoo.g.cs");
}

[CollectionDefinition(Name)]
public sealed class StoryCollection : ICollectionFixture<Story>
{
    public const string Name = "One story";
}
