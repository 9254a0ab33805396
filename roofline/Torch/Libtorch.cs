using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MlPerfEdu.Roofline.Torch;

public sealed class LibtorchException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Listed in roofline/README.md.</summary>
    public const string Code = "MLP3901";
}

/// <summary>
/// Starts libtorch, once and before anything else uses it: its settings, its files, its threads. TorchSharp on its own would search for
/// the files and, where it does not find them, copy half a gigabyte next to the program; starting first avoids that.
/// </summary>
public static class Libtorch
{
    // The command line's code for an environment that does not fit.
    const int CannotRun = 4;

    // c10::initLogging()
    const string InitLogging = "_ZN3c1011initLoggingEv";

    static readonly Lock Starting = new();
    static LibtorchStart? started;
    static LibtorchException? failure;

    /// <summary>Starts libtorch unless it runs already; returns what was started, and how.</summary>
    /// <exception cref="LibtorchException">It cannot be started.</exception>
    public static LibtorchStart Start()
    {
        lock (Starting)
        {
            try
            {
                return failure is null ? started ??= StartNow() : throw failure;
            }
            catch (LibtorchException error)
            {
                failure = error;
                throw;
            }
        }
    }

    /// <summary>Starts libtorch as soon as TorchSharp's assembly is loaded, so that programs which never use it do not wait for it.</summary>
    public static void StartWithTorchSharp()
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => StartFor(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            StartFor(assembly);
    }

    /// <summary>The library of operators; its exports are libtorch's C++ interface.</summary>
    internal static nint Operators => Start().Operators;

    static void StartFor(Assembly assembly)
    {
        // Starting it loads the assembly too.
        if (assembly.GetName().Name != "TorchSharp" || Starting.IsHeldByCurrentThread || failure is not null)
            return;
        try
        {
            Start();
        }
        catch (LibtorchException error)
        {
            // The runtime swallows exceptions of this event, and TorchSharp would go its own way: nothing good can follow.
            Console.Error.WriteLine($"error {LibtorchException.Code}: {error.Message}");
            NativeProcess.ExitNow(CannotRun);
        }
    }

    static LibtorchStart StartNow()
    {
        var threads = ThreadCount.ForThisProcess();
        NativeProcess.PrepareForLibtorch(threads);
        try
        {
            var start = OperatingSystem.IsLinux() ? LoadFromPackages(threads) : LoadNextToProgram(threads);
            // OpenMP has its number from the environment; libtorch's own pools are told here.
            torch.set_num_threads(threads);
            return start;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            throw new LibtorchException(
                $"found that libtorch does not load ({FirstLine(error)}) → expected the package's files for {RuntimeInformation.RuntimeIdentifier} " +
                "→ run `dotnet restore --force` and `dotnet build`, then `doctor`.", error);
        }
    }

    // Later loads by bare name, TorchSharp's among them, find the library that has the name already, wherever it came from.
    static unsafe LibtorchStart LoadFromPackages(int threads)
    {
        var folder = Metadata("LibtorchFolder");
        // PyTorch's Python module makes the log read its level from the environment; without it, this call must.
        ((delegate* unmanaged<void>)NativeLibrary.GetExport(NativeLibrary.Load(Path.Combine(folder, "libc10.so")), InitLogging))();
        NativeLibrary.Load(Path.Combine(folder, "libtorch.so"));
        var operators = NativeLibrary.Load(Path.Combine(folder, "libtorch_cpu.so"));
        var (original, adjusted) = (Metadata("TorchSharpNative"), Metadata("AdjustedTorchSharpNative"));
        var needsAdjusted = false;
        try
        {
            NativeLibrary.Load(original);
        }
        catch (DllNotFoundException error) when (error.Message.Contains("GLIBCXX_", StringComparison.Ordinal) && File.Exists(adjusted))
        {
            NativeLibrary.Load(adjusted);
            needsAdjusted = true;
        }

        return new(folder, needsAdjusted ? adjusted : original, needsAdjusted, threads) { Operators = operators };
    }

    static LibtorchStart LoadNextToProgram(int threads)
    {
        var operators = NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, null);
        NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        var folder = AppContext.BaseDirectory;
        return new(folder, folder, false, threads) { Operators = operators };
    }

    static string FirstLine(Exception error) => (error.InnerException ?? error).Message.Split('\n') switch
    {
        // .NET's own first line only names the file; the loader's reason is in the last one.
        [var only] => only,
        [.., var last] when last.Length > 0 => last,
        [var first, ..] => first,
        _ => error.GetType().Name,
    };

    static string Metadata(string key) => typeof(Libtorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == key)?.Value
        ?? throw new DllNotFoundException($"the build has not said where to find {key}");
}

/// <param name="Folder">Where libtorch's files are.</param>
/// <param name="TorchSharpNative">The native half of TorchSharp in use.</param>
/// <param name="Adjusted">Whether that is the copy for a libstdc++ older than GCC 13's (build/Torch/README.md).</param>
/// <param name="Threads">How many threads an operator uses.</param>
public sealed record LibtorchStart(string Folder, string TorchSharpNative, bool Adjusted, int Threads)
{
    internal nint Operators { get; init; }
    public string Version { get; } = torch.__version__;
    public string TorchSharpVersion { get; } = typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    public string Backend => $"TorchSharp {TorchSharpVersion}, libtorch {Version}";
}
