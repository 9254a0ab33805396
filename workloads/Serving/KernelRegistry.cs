using System.Reflection;

namespace MlPerfEdu.Serving;

/// <summary>The modules of this assembly, by the ids of serving.yaml.</summary>
public static class KernelRegistry
{
    static readonly Dictionary<string, Type> Modules = (from type in typeof(KernelRegistry).Assembly.GetTypes()
        let mark = type.GetCustomAttribute<KernelsAttribute>()
        where mark is not null
        select (mark.Module, type)).ToDictionary(pair => pair.Module, pair => pair.type);

    public static IReadOnlyCollection<string> Ids => Modules.Keys;

    /// <exception cref="ServingException">No class is marked with this id.</exception>
    public static IKernels Open(string module) => Modules.TryGetValue(module, out var type)
        ? (IKernels)Activator.CreateInstance(type)!
        : throw ServingErrors.UnknownId("module", module, "one that a class is marked with: " + string.Join(", ", Modules.Keys.Order()));
}
