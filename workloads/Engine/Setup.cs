using System.Reflection;
using System.Runtime.ExceptionServices;
using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads;

/// <summary>What a workload is built from: its entry, the data that was chosen for it, and where data lies.</summary>
public sealed record WorkloadSetup(WorkloadEntry Entry, DataChoice Choice, DataStore Store)
{
    public Recipe Recipe => Choice.Recipe;

    public ImageDataSet LoadImages() => Choice.Dataset switch
    {
        "mnist" => Mnist.Load(Files()),
        "cifar10-part" or "cifar10" => LivingThings.FromCifar10(Cifar10.Load(Files())),
        "wake-vision" => PersonImages.LoadWakeVision(Files()),
        "synthetic-strokes" => Generators.Strokes(Files()),
        "synthetic-scenes" => Generators.Scenes(Files()),
        var other => throw Unreadable(other, "pictures"),
    };

    public KeywordDataSet LoadKeywords() => Choice.Dataset switch
    {
        "speech-commands-v2-test" or "speech-commands-v2" => SpeechCommands.Load(Files()),
        "synthetic-keywords" => Generators.Keywords(Files()),
        var other => throw Unreadable(other, "clips"),
    };

    public RatingsDataSet LoadRatings() => Choice.Dataset switch
    {
        "movielens-100k" => MovieLens100K.Load(Files()),
        "synthetic-ratings" => Generators.Ratings(Files()),
        var other => throw Unreadable(other, "ratings"),
    };

    public TextDataSet LoadText() => Choice.Dataset switch
    {
        "tinyshakespeare" => TinyShakespeare.Load(Files()),
        "synthetic-sentences" => Generators.Sentences(Files()),
        var other => throw Unreadable(other, "text"),
    };

    public CitationGraph LoadCitations() => Choice.Dataset switch
    {
        "cora" => Cora.Load(Files()),
        "synthetic-citations" => Generators.Citations(Files()),
        var other => throw Unreadable(other, "papers"),
    };

    /// <summary>For what needs no samples: everything is computed on the spot, so the real thing is always at hand.</summary>
    public Provenance Simulation() =>
        Files().Provenance(DataTier.Real, $"{Choice.Dataset}: simulated as it is defined, from the run's seed.");

    DataResolution Files() => Store.Resolve(Choice.Dataset).OrThrow();

    InvalidOperationException Unreadable(string dataset, string wanted) =>
        new($"Workload '{Entry.Id}' (workloads.yaml line {Choice.Line}) reads {wanted}, and data set '{dataset}' has none. Name another data set, or write its reader.");
}

/// <summary>Marks the class that implements the entry of workloads.yaml with this id.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkloadAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}

/// <summary>The classes marked <see cref="WorkloadAttribute"/>, by id.</summary>
static class Implementations
{
    // By name: the engine knows no concrete workload. The build checks the same assembly against workloads.yaml.
    const string Program = "MlPerfEdu.Workloads";

    static readonly Dictionary<string, Type> ById = Assembly.Load(Program).GetTypes()
        .Select(type => (Type: type, type.GetCustomAttribute<WorkloadAttribute>()?.Id))
        .Where(found => found.Id is not null)
        .ToDictionary(found => found.Id!, found => found.Type, StringComparer.Ordinal);

    /// <summary>The folder of this id's class below workloads/: its namespace follows it. Absent without such a class.</summary>
    public static string? FolderOf(string id) => ById.GetValueOrDefault(id)?.Namespace is { } space
        ? space[(typeof(WorkloadAttribute).Namespace!.Length + 1)..].Replace('.', Path.DirectorySeparatorChar)
        : null;

    /// <summary>The ids whose classes are of a kind.</summary>
    public static IEnumerable<string> Of<T>() => ById.Where(pair => pair.Value.IsAssignableTo(typeof(T))).Select(pair => pair.Key).Order(StringComparer.Ordinal);

    /// <summary>Builds the class of this id from its setup.</summary>
    public static T Create<T>(string id, object setup)
    {
        if (!ById.TryGetValue(id, out var type) || !type.IsAssignableTo(typeof(T)))
            throw RunErrors.NoImplementation(id, typeof(T).Name);
        try
        {
            return (T)Activator.CreateInstance(type, setup)!;
        }
        catch (TargetInvocationException error) when (error.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(error.InnerException);
            throw;
        }
    }
}
