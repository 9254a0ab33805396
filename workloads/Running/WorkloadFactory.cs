using System.Reflection;
using MlPerfEdu.Workloads.Training;

namespace MlPerfEdu.Workloads.Running;

/// <summary>Finds the class that implements an entry by its <see cref="WorkloadAttribute"/>.</summary>
public static class WorkloadFactory
{
    static readonly Dictionary<string, Type> Implementations = typeof(WorkloadFactory).Assembly.GetTypes()
        .Select(type => (Type: type, type.GetCustomAttribute<WorkloadAttribute>()?.Id))
        .Where(found => found.Id is not null)
        .ToDictionary(found => found.Id!, found => found.Type, StringComparer.Ordinal);

    /// <summary>Loads the data and prepares the workload.</summary>
    public static ITrainingWorkload Create(WorkloadSetup setup)
    {
        if (!Implementations.TryGetValue(setup.Entry.Id, out var type))
            throw RunErrors.NoImplementation(setup.Entry.Id);
        try
        {
            return (ITrainingWorkload)Activator.CreateInstance(type, setup)!;
        }
        catch (TargetInvocationException error) when (error.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerException);
            throw;
        }
    }
}
