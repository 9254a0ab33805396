using MlPerfEdu.Fuzz;
using MlPerfEdu.Generator.Tests;

namespace MlPerfEdu.Build.Tests;

/// <summary>A sample of damaged files, and a project that calls the real task in its real host on each of them.</summary>
static class DamagedFiles
{
    public const string ProjectName = "Damaged.proj";

    // One of each kind of damage that differs for MSBuild: hostile values and keys, quoted and plain, nesting, flipped bytes, truncation.
    static readonly int[] Seeds = [3, 5, 4, 11, 13, 12, 18, 20];

    const string Project =
        """
        <Project DefaultTargets="Generate">
          <UsingTask TaskName="MlPerfEdu.Tasks.GenerateWorkloadTests" TaskFactory="TaskHostFactory"
                     AssemblyFile="$(MSBuildThisFileDirectory)artifacts/bin/MlPerfEdu.Tasks/debug/MlPerfEdu.Tasks.dll" />
          <ItemGroup>
            <Damaged Include="damaged/*.yaml" />
          </ItemGroup>
          <Target Name="Generate">
            <GenerateWorkloadTests WorkloadsYaml="%(Damaged.FullPath)" OutputFile="damaged/%(Damaged.Filename).g.cs" ContinueOnError="ErrorAndContinue"
                                   RepositoryRoot="$(MSBuildThisFileDirectory)" Documentation="build/README.md" />
          </Target>
        </Project>
        """;

    public static IEnumerable<string> Names => Seeds.Select(seed => $"damaged/seed{seed}").Append("damaged/valid").Append("damaged/hostile");

    public static void WriteTo(TemporaryClone clone)
    {
        clone.Write(ProjectName, Project);
        // Valid, and full of what MSBuild and C# would expand, format or end.
        clone.Write("damaged/valid.yaml", Story.OriginalYaml.Replace("Made for the tests.", "\"$(Path) %2a;@(Damaged) {0} \\\"; } //\""));
        // The same where a message quotes it.
        clone.Write("damaged/hostile.yaml", Story.OriginalYaml.Replace("tier: quick", "tier: '$([System.IO.File]::ReadAllText(x)) %2a;@(Damaged) {0}'"));
        foreach (var seed in Seeds)
            File.WriteAllBytes(clone.PathOf($"damaged/seed{seed}.yaml"), new YamlMutation(Story.OriginalYaml, seed).Apply());
    }
}
