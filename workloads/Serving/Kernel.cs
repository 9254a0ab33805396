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

/// <summary>The measured calls of a module, and what must be true of it.</summary>
public interface IKernels
{
    /// <summary>One per row of the module in serving.yaml, ready to be called.</summary>
    IEnumerable<Kernel> Kernels();

    IEnumerable<KernelInvariant> Invariants();
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

/// <summary>A statement about a module, and whether it holds.</summary>
/// <param name="Found">What the check saw, such as the largest difference.</param>
public sealed record KernelInvariant(string Statement, bool Holds, string Found)
{
    public static KernelInvariant AtMost(string statement, double found, double bound) =>
        new($"{statement}, at most {bound:0.###e0}", found <= bound, $"{found:0.###e0}");

    /// <summary>The largest of many trials.</summary>
    public static KernelInvariant AtMost(string statement, double bound, int trials, Func<double> found) =>
        AtMost(statement, Enumerable.Range(0, trials).Max(_ => found()), bound);

    public static KernelInvariant None(string statement, int mistakes) => new(statement, mistakes == 0, $"{mistakes} mistakes");
    public static KernelInvariant True(string statement, bool holds) => None(statement, holds ? 0 : 1);

    /// <summary>Counts the trials in which it does not hold.</summary>
    public static KernelInvariant True(string statement, int trials, Func<bool> holds) => None(statement, Enumerable.Range(0, trials).Count(_ => !holds()));
}

/// <summary>Invariants that share their trials: of each statement the worst trial counts.</summary>
sealed class Trials
{
    readonly List<string> statements = [];
    readonly Dictionary<string, Func<KernelInvariant>> invariants = [];
    readonly Dictionary<string, double> worst = [];

    public static IEnumerable<KernelInvariant> Run(int seed, int trials, Action<RandomData, Trials> trial)
    {
        var (random, check) = (new RandomData(seed), new Trials());
        for (var number = 0; number < trials; number++)
            trial(random, check);
        return check.Invariants;
    }

    /// <summary>In the order in which they were first checked.</summary>
    public IEnumerable<KernelInvariant> Invariants => statements.Select(statement => invariants[statement]());

    public void AtMost(string statement, double bound, double found)
    {
        var worst = this.worst[statement] = Math.Max(found, Before(statement));
        invariants[statement] = () => KernelInvariant.AtMost(statement, worst, bound);
    }

    public void True(string statement, bool holds)
    {
        var mistakes = worst[statement] = Before(statement) + (holds ? 0 : 1);
        invariants[statement] = () => KernelInvariant.None(statement, (int)mistakes);
    }

    double Before(string statement)
    {
        if (worst.TryGetValue(statement, out var before))
            return before;
        statements.Add(statement);
        return 0;
    }
}
