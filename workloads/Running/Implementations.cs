using System.Reflection;
using System.Runtime.ExceptionServices;

namespace MlPerfEdu.Workloads.Running;

/// <summary>The classes marked <see cref="WorkloadAttribute"/>, by id.</summary>
static class Implementations
{
    static readonly Dictionary<string, Type> ById = typeof(Implementations).Assembly.GetTypes()
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
