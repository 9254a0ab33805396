using Microsoft.Build.Framework;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Tasks;

/// <summary>Turns workloads.yaml into test classes. All work is in the generator library; this class only talks to MSBuild.</summary>
public sealed class GenerateWorkloadTests : GeneratorTask
{
    /// <summary>The file that lists the workloads.</summary>
    [Required]
    public ITaskItem WorkloadsYaml { get; set; } = null!;

    /// <summary>The file that declares the data sets; without it, references to them are not checked.</summary>
    public ITaskItem? DatasetsYaml { get; set; }

    /// <summary>The compiled implementations; without it, nobody checks that every entry has one.</summary>
    public ITaskItem? Implementations { get; set; }

    protected override ITaskItem Source => WorkloadsYaml;

    protected override GenerationResult Generate() => Generation.Run(new()
    {
        WorkloadsYaml = PathOf(WorkloadsYaml)!,
        DatasetsYaml = PathOf(DatasetsYaml),
        Implementations = PathOf(Implementations),
        OutputFile = PathOf(OutputFile)!,
        RepositoryRoot = PathOf(RepositoryRoot)!,
        LineDirectives = LineDirectives,
    });
}
