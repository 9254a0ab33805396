using System.Collections;
using System.Globalization;
using System.Reflection;
using TorchSharp;

namespace MlPerfEdu.Roofline.Count;

/// <summary>Reaches the recorder of a provider that has one; TorchSharp's own API has none.</summary>
public sealed class TorchRecorder : IOperatorRecorder
{
    const string Recorder = "TorchSharp.Provider.OperatorRecorder";

    readonly MethodInfo? start;
    readonly MethodInfo? stop;

    public TorchRecorder()
    {
        var type = typeof(torch).Assembly.GetType(Recorder);
        start = type?.GetMethod("Start", Type.EmptyTypes);
        stop = type?.GetMethod("Stop", Type.EmptyTypes);
    }

    public string? Unavailable => start is null || stop is null ? "operator recording is not available under this provider" : null;

    public IReadOnlyList<RecordedOperator> Record(Action action)
    {
        if (start is null || stop is null)
            throw new NotSupportedException(Unavailable);
        start.Invoke(null, null);
        IEnumerable rows;
        try
        {
            action();
        }
        finally
        {
            rows = (IEnumerable)stop.Invoke(null, null)!;
        }

        return [.. rows.Cast<object>().Select(Row)];
    }

    static RecordedOperator Row(object row) => new(
        Value<string>(row, "Name"),
        [.. Value<string>(row, "Shapes").Split(';').Select(ParseShape)],
        Value<long>(row, "Calls"),
        Value<long>(row, "OutermostCalls"));

    static T Value<T>(object row, string property) => (T)row.GetType().GetProperty(property)!.GetValue(row)!;

    // "[2, 3]" is a tensor; an argument that is no tensor, or is a list of them, has no one shape.
    internal static IReadOnlyList<long> ParseShape(string text) => !text.StartsWith('[')
        ? []
        : [.. text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries).Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
}
