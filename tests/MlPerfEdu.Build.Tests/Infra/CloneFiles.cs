namespace MlPerfEdu.Build.Tests;

/// <summary>The consumers: the least that the generated code and the task need around them, without any package.</summary>
static class CloneFiles
{
    public static readonly (string Path, string Content)[] All =
    [
        ("Directory.Build.targets",
            """
            <Project>
              <Import Project="build/MlPerfEdu.Build.targets" Condition="'$(UsesWorkloads)' == 'true'" />
              <Import Project="build/MlPerfEdu.Zoo.targets" Condition="'$(UsesZoo)' == 'true'" />
            </Project>
            """),
        ("Fixture.slnx",
            """
            <Solution>
              <Project Path="build/Tasks/MlPerfEdu.Tasks.csproj" />
              <Project Path="tests/First/First.csproj" />
              <Project Path="tests/Second/Second.csproj" />
              <Project Path="tests/Zoo/Zoo.csproj" />
              <Project Path="workloads/MlPerfEdu.Workloads.csproj" />
            </Solution>
            """),
        ("workloads/datasets.yaml", "datasets:\n  tones: {}\n  synthetic-tones: {}\n"),
        ("workloads/MlPerfEdu.Workloads.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <DefaultItemExcludes>$(DefaultItemExcludes);Data/**;Zoo/**</DefaultItemExcludes>
              </PropertyGroup>
            </Project>
            """),
        ("workloads/Implementations.cs",
            """
            namespace MlPerfEdu.Engine
            {
                [AttributeUsage(AttributeTargets.Class)]
                public sealed class WorkloadAttribute(string id) : Attribute { public string Id => id; }
            }
            namespace MlPerfEdu.Workloads
            {
                using MlPerfEdu.Engine;
                [Workload("tone-net-train")] class ToneNet;
                [Workload("2-bit-class")] class TwoBits;
                [Workload("class")] class Keyword;
                [Workload("tone-serve")] class ToneServe;
                [Workload("tone-sweep")] class Sweep;
            }
            """),
        ("tests/First/First.csproj", Consumer),
        ("tests/First/Base.cs", Base),
        ("tests/Second/Second.csproj", Consumer),
        ("tests/Second/Base.cs", Base),
        ("workloads/Zoo/models.yaml", ModelsYaml),
        ("workloads/Zoo/silicon.yaml", SiliconYaml),
        ("tests/Zoo/Zoo.csproj", Consumer.Replace("UsesWorkloads", "UsesZoo").Replace("MlPerfEdu.Workloads", "Zoo/MlPerfEdu.Zoo")),
        ("tests/Zoo/Base.cs", ZooBase),
    ];

    public const string ModelsYaml =
        """
        schema: 1
        models:
          tone-net:
            name: A net
            family: vision
            architecture: cnn
            parameters: 3 M
            flops: 600 MFLOP/image
            sources:
              - { of: [parameters, flops], from: "a paper" }

        """;

    public const string SiliconYaml =
        """
        schema: 1
        devices:
          tone-chip:
            name: A chip
            class: edge
            year: 2026
            peak: 10 TFLOP/s
            capacity: 8 GiB
            bandwidth: 100 GB/s
            dispatch: 0.1 ms
            sources:
              - { of: [year, peak, capacity, bandwidth, dispatch], from: "its data sheet" }

        """;

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

    const string ZooBase =
        """
        namespace Xunit
        {
            public sealed class FactAttribute : Attribute;
            [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
            public sealed class TraitAttribute(string name, string value) : Attribute { public string Pair => name + value; }
        }
        namespace MlPerfEdu.Zoo.Tests
        {
            public abstract class ModelTests(string id)
            {
                protected void CheckPredictions() => throw new Exception(id);
                protected void CheckGains() { }
                protected void CheckCosts() { }
                protected void CheckWeights() { }
                protected void CheckTraining() { }
                protected void CheckServing() { }
            }
            public abstract class DeviceTests(string id)
            {
                protected void CheckPredictions() => throw new Exception(id);
                protected void CheckPeaks() { }
                protected void CheckGains() { }
            }
        }
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
        namespace MlPerfEdu.Suites
        {
            public abstract class WorkloadTests(string id, Xunit.Abstractions.ITestOutputHelper output)
            {
                protected void CheckQuality(string place) => throw new Exception(id + place + output);
                protected void CheckRegime(string axis) => throw new Exception(axis);
                protected Task CheckSnapshot() => Task.CompletedTask;
                protected void CheckInvariants() { }
                protected void CheckMemory(string place) { }
            }
            public abstract class InferenceTests(string id, Xunit.Abstractions.ITestOutputHelper output)
            {
                protected void Check(string metric, string place) => throw new Exception(id + metric + place + output);
                protected void CheckRegime(string axis) => throw new Exception(axis);
                protected Task CheckSnapshot() => Task.CompletedTask;
                protected void CheckInvariants() { }
                protected void CheckMemory(string place) { }
            }
            public abstract class ExperimentTests(string id, Xunit.Abstractions.ITestOutputHelper output)
            {
                protected void Check(string metric, string place) => throw new Exception(id + metric + place + output);
                protected Task CheckSnapshot() => Task.CompletedTask;
                protected void CheckMemory(string place) { }
            }
        }
        """;
}
