using System.Reflection;

namespace MlPerfEdu.Serving.Tests.Modules;

/// <summary>What must be true of a module.</summary>
interface IInvariants
{
    IEnumerable<KernelInvariant> Invariants();

    /// <summary>Those of the class that is marked with the module.</summary>
    static IEnumerable<KernelInvariant> Of(string module)
    {
        var marked = typeof(IInvariants).Assembly.GetTypes().Where(type => type.GetCustomAttribute<InvariantsOfAttribute>()?.Module == module).ToList();
        Assert.True(marked.Count == 1,
            $"found {marked.Count} classes marked [InvariantsOf(\"{module}\")] → expected one → write in Modules/ what must be true of the module.");
        return ((IInvariants)Activator.CreateInstance(marked[0])!).Invariants();
    }
}

/// <summary>Marks the class that states the invariants of the module of serving.yaml with this id.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
sealed class InvariantsOfAttribute(string module) : Attribute
{
    public string Module { get; } = module;
}

/// <summary>A statement about a module, and whether it holds.</summary>
/// <param name="Found">What the check saw, such as the largest difference.</param>
sealed record KernelInvariant(string Statement, bool Holds, string Found)
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
