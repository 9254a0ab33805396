using Microsoft.Build.Framework;
using MlPerfEdu.Catalog;
using MlPerfEdu.Generator;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Tasks;

/// <summary>Turns workloads.yaml into test classes.</summary>
public sealed class GenerateWorkloadTests : GeneratorTask
{
    /// <summary>The file that lists the workloads.</summary>
    [Required]
    public ITaskItem WorkloadsYaml { get; set; } = null!;

    /// <summary>The file that declares the data sets; without it, references to them are not checked.</summary>
    public ITaskItem? DatasetsYaml { get; set; }

    /// <summary>The compiled implementations; without it, nothing checks that every entry has one.</summary>
    public ITaskItem? Implementations { get; set; }

    protected override ITaskItem Source => WorkloadsYaml;

    protected override GenerationResult Generate() =>
        Generation.Run(PathOf(WorkloadsYaml)!, PathOf(DatasetsYaml), PathOf(Implementations), LocationOf(WorkloadsYaml));
}

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
        Registry registry = new(
            "module", [.. modules.Select(module => new RegistryEntry(module.Id, module.Line))], OfModules, LocationOf(ServingYaml));
        return new(RegistryTestEmitter.Emit("serving", [registry]), []);
    }
}

/// <summary>Turns the zoo's registries into test classes. The zoo reads and checks them, as it does at run time.</summary>
public sealed class GenerateZooTests : GeneratorTask
{
    static readonly (string, string)[] OfModels =
    [
        ("Has_a_prediction_on_every_device", "CheckPredictions"),
        ("Gains_from_a_better_device", "CheckGains"),
        ("Pays_for_a_larger_batch_and_a_longer_context", "CheckCosts"),
        ("Weighs_as_much_as_its_dtype_says", "CheckWeights"),
        ("Trains", "CheckTraining"),
        ("Serves_where_it_makes_tokens", "CheckServing"),
    ];

    static readonly (string, string)[] OfDevices =
    [
        ("Answers_for_every_model", "CheckPredictions"),
        ("Is_no_faster_than_its_peak", "CheckPeaks"),
        ("Gains_from_more_of_anything", "CheckGains"),
    ];

    /// <summary>The file that lists the models.</summary>
    [Required]
    public ITaskItem ModelsYaml { get; set; } = null!;

    /// <summary>The file that lists the devices.</summary>
    [Required]
    public ITaskItem SiliconYaml { get; set; } = null!;

    protected override ITaskItem Source => ModelsYaml;

    protected override GenerationResult Generate()
    {
        List<Diagnostic> mistakes = [];
        Registry[] registries =
        [
            new("model", Entries(ModelsYaml, RegistryFile.Models, model => new(model.Id, model.Line), mistakes),
                OfModels, LocationOf(ModelsYaml)),
            new("device", Entries(SiliconYaml, RegistryFile.Devices, device => new(device.Id, device.Line), mistakes),
                OfDevices, LocationOf(SiliconYaml)),
        ];
        return new(mistakes.Count == 0 ? RegistryTestEmitter.Emit("zoo", registries) : null, mistakes);
    }

    static List<RegistryEntry> Entries<T>(
        ITaskItem yaml, Func<string, IReadOnlyList<T>> read, Func<T, RegistryEntry> entry, List<Diagnostic> mistakes)
    {
        try
        {
            return [.. read(PathOf(yaml)!).Select(entry)];
        }
        catch (CatalogException found)
        {
            mistakes.AddRange(found.Problems);
            return [];
        }
    }
}
