using System.Reflection;
using System.Runtime.ExceptionServices;

namespace MlPerfEdu.Engine;

/// <summary>What a workload is built from: its entry, the data that was chosen for it, and where data lies.</summary>
public sealed record WorkloadSetup(WorkloadEntry Entry, DataChoice Choice, DataStore Store)
{
    public Recipe Recipe => Choice.Recipe;

    public PrecisionChoice Precision => PrecisionChoice.Of(Recipe.Precision);

    /// <summary>Where the entry names a shared checkpoint, the weights that a run begins with.</summary>
    public SharedModel? Shared { get; init; }

    /// <summary>The samples of the chosen data set, by the reader that is registered for it in the Data library.</summary>
    public T Load<T>() where T : DataSet, ISamples => DataReaders.Find<T>(Choice.Dataset) is { } read
        ? read(Files())
        : throw new InvalidOperationException(
            $"Workload '{Entry.Id}' (workloads.yaml line {Choice.Line}) reads {T.Word}, and data set '{Choice.Dataset}' has none. " +
            "Name another data set, or write its reader.");

    /// <summary>For a workload without samples, such as a simulation: its data are computed, and count as real.</summary>
    public Provenance Simulation() =>
        Files().Provenance(DataTier.Real, $"{Choice.Dataset}: simulated as it is defined, from the run's seed.");

    DataResolution Files() => Store.Resolve(Choice.Dataset).OrThrow();
}

/// <summary>Weights of another workload on the same data.</summary>
/// <param name="LoadInto">Replaces the weights of a model of the trainer's geometry.</param>
/// <param name="Kept">The folder for weights that follow from these.</param>
/// <param name="Progress">Of making those.</param>
public sealed record SharedModel(
    WorkloadEntry Trainer, string Sha256, Action<TorchSharp.torch.nn.Module> LoadInto, string Kept, IRunProgress Progress, CancellationToken Stop);

/// <summary>Marks the class that implements the entry of workloads.yaml with this id.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkloadAttribute(string id) : Attribute
{
    public string Id { get; } = id;

    /// <summary>Whether its products can be of bf16 numbers.</summary>
    public bool HasBf16 { get; init; }
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
        ? space[(Program.Length + 1)..].Replace('.', Path.DirectorySeparatorChar)
        : null;

    /// <summary>Whether this id's class can multiply bf16 numbers.</summary>
    public static bool HasBf16(string id) => ById.GetValueOrDefault(id)?.GetCustomAttribute<WorkloadAttribute>() is { HasBf16: true };

    /// <summary>The ids whose classes are of a kind.</summary>
    public static IEnumerable<string> Of<T>() => ById.Where(pair => pair.Value.IsAssignableTo(typeof(T))).Select(pair => pair.Key).Order(StringComparer.Ordinal);

    /// <summary>Whether the class of this id is of another kind.</summary>
    public static bool IsOther<T>(string id) => ById.TryGetValue(id, out var type) && !type.IsAssignableTo(typeof(T));

    /// <summary>Builds the class of this id from its setup.</summary>
    /// <param name="asked">The precision that its entry asks for.</param>
    public static T Create<T>(string id, object setup, Precision asked)
    {
        if (!ById.TryGetValue(id, out var type) || !type.IsAssignableTo(typeof(T)))
            throw RunErrors.NoImplementation(id, typeof(T).Name);
        if (asked == Precision.Bf16 && !HasBf16(id))
            throw RunErrors.NoBf16(id, ById.Keys.Where(HasBf16).Order(StringComparer.Ordinal));
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
