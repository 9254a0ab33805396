using System.Collections.Concurrent;

namespace MlPerfEdu.Catalog;

/// <summary>A model's sizes by name: numbers or lists of numbers.</summary>
/// <param name="places">Line and column of each size; without one, messages name <paramref name="line"/>.</param>
public sealed class Geometry(
    IReadOnlyDictionary<string, IReadOnlyList<double>> values, int line, IReadOnlyDictionary<string, (int Line, int Column)>? places = null)
{
    readonly ConcurrentDictionary<string, bool> read = new(StringComparer.Ordinal);

    public static Geometry Empty { get; } = new(new Dictionary<string, IReadOnlyList<double>>(), 0);

    /// <summary>Every size; a single number is a list of one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Values { get; } = values;
    public int Line { get; } = line;

    /// <summary>The sizes that nothing has asked for, with their lines: after a run, those that say nothing.</summary>
    public IEnumerable<(string Key, int Line)> Unread =>
        Values.Keys.Where(key => !read.ContainsKey(key)).Select(key => (key, places?.GetValueOrDefault(key) is { Line: > 0 } place ? place.Line : Line));

    /// <summary>Above 0.</summary>
    public double Number(string key) => NumberOrZero(key) is > 0 and var value ? value : throw Refuse(key, "a number above 0");

    public double NumberOrZero(string key) => List(key) is [var only] ? only : throw Refuse(key, "a single number");

    /// <summary>At least 1.</summary>
    public int Int(string key) => AsCount(key, NumberOrZero(key), least: 1);

    public int IntOrZero(string key) => AsCount(key, NumberOrZero(key), least: 0);

    public IReadOnlyList<int> Ints(string key) => [.. List(key).Select(value => AsCount(key, value, least: 1))];

    public (double First, double Second) Pair(string key) =>
        List(key) is [var first, var second] ? (first, second) : throw Refuse(key, "a list of two numbers");

    /// <summary>A size that its model cannot use. The catalog cannot know that, so it shows when the model is built.</summary>
    public SizeException Refuse(string key, string expected)
    {
        var (at, column) = places?.GetValueOrDefault(key) is { Line: > 0 } place ? place : (Line, 1);
        return new($"workloads.yaml({at},{column}): found {Describe(key)} for geometry.{key} → expected {expected} → " +
            "correct the entry, or the class that reads it.");
    }

    IReadOnlyList<double> List(string key)
    {
        read[key] = true;
        return Values.TryGetValue(key, out var list) ? list : throw Refuse(key, "a value");
    }

    int AsCount(string key, double value, int least) =>
        value >= least && value <= int.MaxValue && value == Math.Floor(value) ? (int)value : throw Refuse(key, $"whole numbers from {least}");

    string Describe(string key)
    {
        if (!Values.TryGetValue(key, out var list))
            return "nothing";
        var numbers = string.Join(", ", list.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        return list.Count == 1 ? numbers : $"[{numbers}]";
    }
}

/// <summary>A size in workloads.yaml that its model cannot use; the message has its place.</summary>
public sealed class SizeException(string message) : Exception(message)
{
    public string Code { get; } = "MLP0053";
}
