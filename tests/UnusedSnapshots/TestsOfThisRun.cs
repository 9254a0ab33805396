using System.Collections.Concurrent;
using System.Reflection;
using MlPerfEdu.UnusedSnapshots;
using Xunit.Sdk;

[assembly: TestsOfThisRun]

namespace MlPerfEdu.UnusedSnapshots;

/// <summary>Remembers which tests ran: neither xunit nor Verify says whether a run is the whole of a project.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
sealed class TestsOfThisRunAttribute : BeforeAfterTestAttribute
{
    public override void Before(MethodInfo methodUnderTest) => TestsOfThisRun.Add(methodUnderTest);
}

static class TestsOfThisRun
{
    const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    static readonly ConcurrentDictionary<string, bool> Ran = new();

    public static void Add(MethodInfo method) => Ran.TryAdd(NameOf(method), true);

    /// <summary>The tests of the project that did not run, without the ones that are skipped.</summary>
    public static List<string> LeftOut(Assembly assembly) =>
        [.. assembly.GetExportedTypes().Where(type => !type.IsAbstract).SelectMany(type => type.GetMethods(Any))
            .Where(method => method.GetCustomAttribute<FactAttribute>() is { Skip: null })
            .Select(NameOf).Where(name => !Ran.ContainsKey(name)).Order(StringComparer.Ordinal)];

    static string NameOf(MethodInfo method) => $"{method.ReflectedType}.{method.Name}";
}
