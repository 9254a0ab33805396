using System.Runtime.InteropServices;
using System.Text.Json;

namespace MlPerfEdu.Roofline.Torch;

/// <summary>
/// Records operators by libtorch's own execution trace, which sees every thread, forward and backward. One recording at a time.
/// TorchSharp does not offer it; the functions are reached by their C++ names, and a std::string as libstdc++ lays it out.
/// </summary>
public sealed class TorchRecorder : IOperatorRecorder
{
    const string Add = "_ZN5torch8profiler4impl25addExecutionTraceObserverERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE";
    const string Enable = "_ZN5torch8profiler4impl28enableExecutionTraceObserverEv";
    const string Disable = "_ZN5torch8profiler4impl29disableExecutionTraceObserverEv";
    const string Remove = "_ZN5torch8profiler4impl28removeExecutionTraceObserverEv";

    static readonly Lock Recording = new();

    public string? Unavailable { get; } = OperatingSystem.IsLinux() ? null : "operator recording is available on Linux only";

    public IReadOnlyList<RecordedOperator> Record(Action action)
    {
        if (Unavailable is not null)
            throw new NotSupportedException(Unavailable);
        var file = Path.Combine(Path.GetTempPath(), $"mlperfedu-{Guid.NewGuid():N}.trace.json");
        try
        {
            lock (Recording)
                Trace(file, action);
            using var trace = File.OpenRead(file);
            return ExecutionTrace.Read(trace);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static unsafe void Trace(string file, Action action)
    {
        if (!AddObserver(file))
            throw new InvalidOperationException("libtorch records already: end that recording first");
        try
        {
            Function(Enable)();
            action();
        }
        finally
        {
            Function(Disable)();
            // Closes the file.
            Function(Remove)();
        }
    }

    static unsafe bool AddObserver(string file)
    {
        var text = Encoding.UTF8.GetBytes(file + '\0');
        fixed (byte* characters = text)
        {
            // Never freed by libtorch, which copies it; a capacity equal to the length says that nothing is stored in the struct itself.
            var name = new CppString((nint)characters, text.Length - 1, text.Length - 1, 0);
            return ((delegate* unmanaged<CppString*, byte>)Export(Add))(&name) != 0;
        }
    }

    static unsafe delegate* unmanaged<void> Function(string name) => (delegate* unmanaged<void>)Export(name);
    static nint Export(string name) => NativeLibrary.GetExport(Libtorch.Operators, name);

    [StructLayout(LayoutKind.Sequential)]
    readonly record struct CppString(nint Characters, nint Length, nint Capacity, nint Unused);
}

/// <summary>Reads the execution trace that libtorch writes: one node per call, with its caller, its arguments and their shapes.</summary>
static class ExecutionTrace
{
    const string StoredCount = "aten::_nnz";

    // Functions of the backward pass, user scopes, threads and the process have scopes of their own.
    const int OperatorScope = 0;

    public static IReadOnlyList<RecordedOperator> Read(Stream json)
    {
        using var document = JsonDocument.Parse(json);
        var calls = document.RootElement.GetProperty("nodes").EnumerateArray().Select(Call.Of).ToDictionary(call => call.Id);
        foreach (var call in calls.Values.Where(call => call.Name == StoredCount))
            TellCallers(call, calls);
        return
        [
            .. calls.Values.Where(call => call.IsOperator).GroupBy(call => call.Signature).Select(group => new RecordedOperator(
                group.First().Name, [.. group.First().Arguments.Select(argument => argument.Shape)], group.Count(),
                group.Count(call => Callers(call, calls).All(caller => !caller.IsOperator)))
            {
                Arguments = [.. group.First().Arguments.Select(argument => new RecordedArgument(argument.Values, argument.Stored))],
            }),
        ];
    }

    // An operator on a sparse tensor calls this for the number of stored elements. An argument that a caller passed on is the same tensor.
    static void TellCallers(Call call, Dictionary<long, Call> calls)
    {
        foreach (var argument in Callers(call, calls).SelectMany(caller => caller.Arguments))
        {
            if (argument.Tensor == call.Arguments[0].Tensor)
                argument.Stored = call.Result;
        }
    }

    static IEnumerable<Call> Callers(Call call, Dictionary<long, Call> calls)
    {
        // The process is its own caller.
        while (call.Caller != call.Id && calls.TryGetValue(call.Caller, out var caller))
        {
            yield return caller;
            call = caller;
        }
    }

    sealed record Call(long Id, long Caller, string Name, bool IsOperator, IReadOnlyList<Argument> Arguments, long? Result)
    {
        public string Signature => $"{Name}({string.Join(';', Arguments.Select(argument => argument.Text))})";

        public static Call Of(JsonElement node)
        {
            var name = node.GetProperty("name").GetString()!;
            var scope = node.GetProperty("attrs").EnumerateArray().First(attribute => attribute.GetProperty("name").ValueEquals("scope"));
            var outputs = node.GetProperty("outputs").GetProperty("values");
            return new(
                node.GetProperty("id").GetInt64(),
                node.GetProperty("ctrl_deps").GetInt64(),
                name,
                scope.GetProperty("value").GetInt32() == OperatorScope && !name.StartsWith("autograd::engine::", StringComparison.Ordinal),
                ArgumentsOf(node.GetProperty("inputs")),
                name == StoredCount ? outputs[0].GetInt64() : null);
        }

        static Argument[] ArgumentsOf(JsonElement inputs)
        {
            var (values, shapes, types) = (inputs.GetProperty("values"), inputs.GetProperty("shapes"), inputs.GetProperty("types"));
            return [.. Enumerable.Range(0, values.GetArrayLength()).Select(index => Argument.Of(values[index], shapes[index], types[index].GetString()!))];
        }
    }

    /// <param name="Tensor">Which one of the trace; absent for anything else.</param>
    sealed record Argument(long? Tensor, IReadOnlyList<long> Shape, IReadOnlyList<long> Values)
    {
        public long? Stored { get; set; }

        public string Text => $"[{string.Join(',', Shape)}]/{Stored}({string.Join(',', Values)})";

        // A tensor's value names it and its storage; a list of tensors has no one shape.
        public static Argument Of(JsonElement value, JsonElement shape, string type) => type switch
        {
            _ when type.StartsWith("Tensor(", StringComparison.Ordinal) => new(value[0].GetInt64(), Numbers(shape), []),
            _ when type.StartsWith("GenericList[Int", StringComparison.Ordinal) || type.StartsWith("GenericList[Bool", StringComparison.Ordinal) =>
                new(null, [], Numbers(value)),
            "Bool" => new(null, [], [Number(value)]),
            _ => new(null, [], []),
        };

        static long[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(Number)];

        static long Number(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => value.GetInt64(),
        };
    }
}
