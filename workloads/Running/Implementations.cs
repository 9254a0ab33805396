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
