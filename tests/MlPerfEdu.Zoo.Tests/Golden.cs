using System.Globalization;
using System.Reflection;

namespace MlPerfEdu.Zoo.Tests;

/// <summary>
/// Outputs of a separate program that follows the formulas and registries of MLSys·im and was checked against that project's own
/// expectations. Ten digits are printed, so a value agrees when it is within 1e-9 of it.
/// </summary>
static class Golden
{
    public const double Tolerance = 1e-9;

    public static IReadOnlyList<Row> Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().TrimEnd().Split('\n');
        var keys = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => new Row(keys.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second)))];
    }

    public static double Error(double expected, double actual) =>
        Math.Abs(actual - expected) / Math.Max(Math.Abs(expected), double.Epsilon);

    public sealed class Row(Dictionary<string, string> values)
    {
        public string this[string key] => values[key];

        public double Number(string key) => double.Parse(values[key], CultureInfo.InvariantCulture);

        public bool Flag(string key) => bool.Parse(values[key]);

        public Model Model => ModelZoo.BuiltIn[values["model"]].Original;

        public Device Device => SiliconZoo.BuiltIn[values["hardware"]].Original;

        public Dtype Dtype => Dtypes.Find(values["precision"])!.Value;

        public Heuristics Heuristics => Heuristics.Usual with { Efficiency = Number("efficiency") };
    }
}
