using Microsoft.Build.Framework;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Tasks;

/// <summary>Turns serving.yaml into one test class per module.</summary>
public sealed class GenerateServingTests : GeneratorTask
{
    static readonly (string, string)[] OfModules =
    [
        ("Does_what_it_says", "CheckInvariants"),
        ("Has_every_row", "CheckRows"),
        ("Allocates_nothing_per_call", "CheckAllocations"),
    ];

    /// <summary>The file that lists the modules.</summary>
    [Required]
    public ITaskItem ServingYaml { get; set; } = null!;

    protected override ITaskItem Source => ServingYaml;

    protected override GenerationResult Generate()
    {
        var read = KernelCatalogReader.Read(PathOf(ServingYaml)!);
        if (read.Modules is not { } modules)
            return new(null, read.Diagnostics);
        var yaml = YamlLocation.Between(PathOf(ServingYaml)!, PathOf(OutputFile)!, PathOf(RepositoryRoot)!, LineDirectives);
        Registry registry = new("module", [.. modules.Select(module => new RegistryEntry(module.Id, module.Line))], OfModules, yaml);
        return new(RegistryTestEmitter.Emit("serving", [registry]), []);
    }
}
