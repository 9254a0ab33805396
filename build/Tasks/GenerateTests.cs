using System.Text;
using Microsoft.Build.Framework;
using MlPerfEdu.Catalog;
using MlPerfEdu.Generator;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Tasks;

/// <summary>Turns workloads.yaml into test classes.</summary>
public sealed class GenerateWorkloadTests : GeneratorTask
{
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

    [Required]
    public ITaskItem ModelsYaml { get; set; } = null!;

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

/// <summary>Turns YAML files into one C# file, or into coded errors. A derived task adds which files those are.</summary>
public abstract class GeneratorTask : Microsoft.Build.Utilities.Task
{
    [Required]
    public ITaskItem OutputFile { get; set; } = null!;

    /// <summary>The folder that paths in test messages are relative to.</summary>
    [Required]
    public ITaskItem RepositoryRoot { get; set; } = null!;

    /// <summary>The Markdown file with one heading per error code.</summary>
    [Required]
    public ITaskItem Documentation { get; set; } = null!;

    /// <summary>Whether failures and debuggers are sent to the YAML; false to step through the generated code itself.</summary>
    public bool LineDirectives { get; set; } = true;

    /// <summary>The file that an unforeseen failure is reported at.</summary>
    protected abstract ITaskItem Source { get; }

    protected abstract GenerationResult Generate();

    public override bool Execute()
    {
#pragma warning disable CA1031 // An unforeseen failure is our bug, and must be reported as one instead of as MSBuild's MSB4018.
        try
        {
            var result = Generate();
            foreach (var diagnostic in result.Diagnostics)
                Report(diagnostic);
            if (result.Text is not null)
                Write(PathOf(OutputFile)!, result.Text);
        }
        catch (Exception e)
        {
            Log.LogErrorFromException(e, showStackTrace: true);
            Report(new("MLP0080", PathOf(Source)!, 0, 0,
                "Found an exception in the generator: this is our bug. Expected a coded error. Please report it with the text above."));
        }
#pragma warning restore CA1031
        return !Log.HasLoggedErrors;
    }

    protected static string? PathOf(ITaskItem? item) => item?.GetMetadata("FullPath");

    protected YamlLocation LocationOf(ITaskItem yaml) =>
        YamlLocation.Between(PathOf(yaml)!, PathOf(OutputFile)!, PathOf(RepositoryRoot)!, LineDirectives);

    // Into another file and renamed, so that a killed build leaves the old text or the new one. Written even when nothing changed:
    // a file that stays older than its inputs would be made again in every build.
    void Write(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path + ".new", text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report(new("MLP0081", path, 0, 0,
                $"Found no way to write this file: {e.Message} Expected a writable folder. Correct its permissions or free some space."));
        }
    }

    void Report(Diagnostic found)
    {
        // The plain console shows no link, so the message names the place too.
        var anchor = "#" + found.Code.ToLowerInvariant();
        var link = new Uri(PathOf(Documentation)!).AbsoluteUri + anchor;
        Log.LogError(null, found.Code, null, link, found.File, found.Line, found.Column, 0, 0, $"{found.Message} (build/README.md{anchor})");
    }
}
