using TorchSharp.Interop;

namespace TorchSharp.Provider;

/// <summary>One operator with the shapes of its inputs, and how often it ran.</summary>
/// <param name="Name">For example <c>aten::addmm</c>.</param>
/// <param name="Shapes">
/// One for each argument, separated by semicolons: <c>[2, 3]</c>, <c>[6, 6]/13</c> for a sparse tensor with 13 stored elements,
/// <c>(1,0)</c> for a list of numbers or flags, <c>true</c> and <c>false</c>, <c>-</c> for anything else.
/// </param>
/// <param name="Calls">All calls.</param>
/// <param name="OutermostCalls">Calls that no other operator made.</param>
public sealed record OperatorRow(string Name, string Shapes, long Calls, long OutermostCalls);

/// <summary>Counts the operators that libtorch runs, in every thread, between Start and Stop. One recording at a time.</summary>
public static unsafe class OperatorRecorder
{
    public static void Start() => NativeError.Check((long)Native.mt_record_start());

    public static IReadOnlyList<OperatorRow> Stop()
    {
        var text = Native.mt_record_stop();
        if (text is null) throw NativeError.Last();
        return [.. Info.Text(text).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static OperatorRow Parse(string line)
    {
        var fields = line.Split('\t');
        return new(fields[0], fields[1], long.Parse(fields[2]), long.Parse(fields[3]));
    }
}
