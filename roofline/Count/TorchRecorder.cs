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

    static RecordedOperator Row(object row)
    {
        var arguments = Value<string>(row, "Shapes").Split(';');
        return new RecordedOperator(
            Value<string>(row, "Name"), [.. arguments.Select(ParseShape)], Value<long>(row, "Calls"), Value<long>(row, "OutermostCalls"))
        {
            Arguments = [.. arguments.Select(ParseArgument)],
        };
    }

    static T Value<T>(object row, string property) => (T)row.GetType().GetProperty(property)!.GetValue(row)!;

    // "[2, 3]" is a tensor, "[6, 6]/13" a sparse one; an argument that is no tensor, or is a list of them, has no one shape.
    internal static IReadOnlyList<long> ParseShape(string text) => text.StartsWith('[') ? Numbers(text[1..text.IndexOf(']')]) : [];

    internal static RecordedArgument ParseArgument(string text) => text switch
    {
        "true" => new([1], null),
        "false" => new([0], null),
        _ when text.StartsWith('(') => new(Numbers(text[1..^1]), null),
        _ when text.StartsWith('[') && text.IndexOf('/') is var slash and > 0 => new([], Number(text[(slash + 1)..])),
        _ => new([], null),
    };

    static IReadOnlyList<long> Numbers(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)];

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
