namespace MlPerfEdu.Build.Tests;

/// <summary>The consumers: the least that the generated code and the task need around them, without any package.</summary>
static class CloneFiles
{
    public static readonly (string Path, string Content)[] All =
    [
        ("Directory.Build.targets", """<Project><Import Project="build/MlPerfEdu.Build.targets" Condition="'$(UsesWorkloads)' == 'true'" /></Project>"""),
        ("Fixture.slnx",
            """
            <Solution>
              <Project Path="build/Tasks/MlPerfEdu.Tasks.csproj" />
              <Project Path="tests/First/First.csproj" />
              <Project Path="tests/Second/Second.csproj" />
              <Project Path="workloads/MlPerfEdu.Workloads.csproj" />
            </Solution>
            """),
        ("workloads/datasets.yaml", "datasets:\n  tones: {}\n  synthetic-tones: {}\n"),
        ("workloads/MlPerfEdu.Workloads.csproj", """<Project Sdk="Microsoft.NET.Sdk" />"""),
        ("workloads/Implementations.cs",
            """
            namespace MlPerfEdu.Workloads;
            [AttributeUsage(AttributeTargets.Class)]
            public sealed class WorkloadAttribute(string id) : Attribute { public string Id => id; }
            [Workload("tone-net-train")] class ToneNet;
            [Workload("2-bit-class")] class TwoBits;
            [Workload("class")] class Keyword;
            [Workload("tone-sweep")] class Sweep;
            """),
        ("tests/First/First.csproj", Consumer),
        ("tests/First/Base.cs", Base),
        ("tests/Second/Second.csproj", Consumer),
        ("tests/Second/Base.cs", Base),
    ];

    const string Consumer =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <UsesWorkloads>true</UsesWorkloads>
          </PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="../../workloads/MlPerfEdu.Workloads.csproj" />
          </ItemGroup>
        </Project>
        """;

    const string Base =
        """
        namespace Xunit
        {
            public sealed class FactAttribute : Attribute;
            [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
            public sealed class TraitAttribute(string name, string value) : Attribute { public string Pair => name + value; }
        }
        namespace Xunit.Abstractions
        {
            public interface ITestOutputHelper;
        }
        namespace MlPerfEdu.Workloads.Tests
        {
            public abstract class WorkloadTests(string id, Xunit.Abstractions.ITestOutputHelper output)
            {
                protected void CheckQuality(string place) => throw new Exception(id + place + output);
                protected void CheckRegime(string axis) => throw new Exception(axis);
                protected Task CheckSnapshot() => Task.CompletedTask;
                protected void CheckInvariants() { }
            }
            public abstract class ExperimentTests(string id, Xunit.Abstractions.ITestOutputHelper output)
            {
                protected void Check(string metric, string place) => throw new Exception(id + metric + place + output);
                protected Task CheckSnapshot() => Task.CompletedTask;
            }
        }
        """;
}
