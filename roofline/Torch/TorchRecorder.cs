using System.Runtime.InteropServices;
using System.Text;
using MlPerfEdu.Roofline.Count;

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
