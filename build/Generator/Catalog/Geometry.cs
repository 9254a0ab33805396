namespace MlPerfEdu.Generator;

/// <summary>A model's sizes by name: numbers or lists of numbers.</summary>
public sealed class Geometry(IReadOnlyDictionary<string, IReadOnlyList<double>> values, int line)
{
    /// <summary>Every size; a single number is a list of one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Values { get; } = values;
    public int Line { get; } = line;

    public double Number(string key) =>
        List(key) is [var only] ? only : throw Mismatch(key, "a single number");

    public int Int(string key) => AsInt(key, Number(key));

    public IReadOnlyList<int> Ints(string key) => [.. List(key).Select(value => AsInt(key, value))];

    IReadOnlyList<double> List(string key) =>
        Values.TryGetValue(key, out var list) ? list : throw Mismatch(key, "a value");

    int AsInt(string key, double value) =>
        value == (int)value ? (int)value : throw Mismatch(key, "a whole number");

    // A model asks for a size that the YAML does not have; the catalog cannot know it, so it shows when the model is built.
    InvalidOperationException Mismatch(string key, string expected) =>
        new($"geometry.{key} at line {Line} of workloads.yaml: found {Describe(key)}, expected {expected}; " +
            "correct the entry or the model that reads it.");

    string Describe(string key) =>
        Values.TryGetValue(key, out var list) ? $"[{string.Join(", ", list)}]" : "no such key";
}
