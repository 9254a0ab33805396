using System.Reflection;

namespace MlPerfEdu.Serving;

/// <summary>One row as a call that can be repeated without end.</summary>
/// <param name="Operation">As in serving.yaml.</param>
public sealed record Kernel(string Operation, Action Call)
{
    /// <summary>Two per multiply-add; absent where it is not countable.</summary>
    public double? Flops { get; init; }
    /// <summary>Each operand and each output once; absent where it is not countable.</summary>
    public double? Bytes { get; init; }
    public int Threads { get; init; } = 1;
}

/// <summary>The measured calls of a module.</summary>
public interface IKernels
{
    /// <summary>One per row of the module in serving.yaml, ready to be called.</summary>
    IEnumerable<Kernel> Kernels();
}

/// <summary>Marks the class that offers the rows of the module of serving.yaml with this id.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KernelsAttribute(string module) : Attribute
{
    public string Module { get; } = module;
}

/// <summary>The modules of this assembly, by the ids of serving.yaml.</summary>
public static class KernelRegistry
{
    static readonly Dictionary<string, Type> Modules = (from type in typeof(KernelRegistry).Assembly.GetTypes()
        let mark = type.GetCustomAttribute<KernelsAttribute>()
        where mark is not null
        select (mark.Module, type)).ToDictionary(pair => pair.Module, pair => pair.type);

    public static IReadOnlyCollection<string> Ids => Modules.Keys;

    /// <exception cref="KernelException">No class is marked with this id.</exception>
    public static IKernels Open(string module) => Modules.TryGetValue(module, out var type)
        ? (IKernels)Activator.CreateInstance(type)!
        : throw KernelErrors.UnknownId("module", module, "one that a class is marked with: " + string.Join(", ", Modules.Keys.Order()));
}
