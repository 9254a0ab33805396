namespace MlPerfEdu.Zoo;

/// <summary>Names of the units of work.</summary>
public static class WorkUnits
{
    static readonly string[] Words = [.. Enum.GetNames<WorkUnit>().Select(name => name.ToLowerInvariant())];

    public static IReadOnlyList<string> Names => Words;

    public static string Name(this WorkUnit unit) => Words[(int)unit];

    public static WorkUnit? Find(string name) => Array.IndexOf(Words, name) is >= 0 and var at ? (WorkUnit)at : null;
}
