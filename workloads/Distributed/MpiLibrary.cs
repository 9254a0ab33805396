using System.Reflection;
using System.Runtime.InteropServices;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>What is called of Open MPI's library, whose handles are addresses of its symbols.</summary>
static partial class MpiLibrary
{
    public const int Success = 0, OneCallAtATime = 2, LongestText = 256;

    /// <summary>Stands for a status that nobody reads.</summary>
    public const nint NoStatus = 0;

    /// <summary>Stands for the buffer that the result goes to.</summary>
    public const nint InPlace = 1;

    const string Name = "mpi";

    // The version of its binary interface, which releases 3 to 5 share.
    static readonly string FileName = OperatingSystem.IsMacOS() ? "libmpi.40.dylib" : "libmpi.so.40";

    static readonly nint Library = Load();

    static MpiLibrary() => NativeLibrary.SetDllImportResolver(typeof(MpiLibrary).Assembly, Resolve);

    /// <exception cref="DllNotFoundException">Open MPI is not here.</exception>
    public static nint Symbol(string name) => Library == 0
        ? throw new DllNotFoundException($"{FileName} could not be loaded")
        : NativeLibrary.GetExport(Library, name);

    [LibraryImport(Name, EntryPoint = "MPI_Init_thread")]
    public static partial int Initialize(nint argumentCount, nint arguments, int wanted, out int provided);

    [LibraryImport(Name, EntryPoint = "MPI_Finalize")]
    public static partial int Leave();

    [LibraryImport(Name, EntryPoint = "MPI_Comm_set_errhandler")]
    public static partial int OnError(nint ranks, nint handler);

    [LibraryImport(Name, EntryPoint = "MPI_Error_string")]
    public static partial int Describe(int error, [Out] byte[] text, out int length);

    [LibraryImport(Name, EntryPoint = "MPI_Iallreduce")]
    public static partial int BeginSum(nint from, nint to, int count, nint type, nint operation, nint ranks, out nint request);

    [LibraryImport(Name, EntryPoint = "MPI_Ibcast")]
    public static partial int BeginBroadcast(nint buffer, int count, nint type, int root, nint ranks, out nint request);

    [LibraryImport(Name, EntryPoint = "MPI_Ibarrier")]
    public static partial int BeginBarrier(nint ranks, out nint request);

    [LibraryImport(Name, EntryPoint = "MPI_Isend")]
    public static partial int BeginSend(nint buffer, int count, nint type, int to, int tag, nint ranks, out nint request);

    [LibraryImport(Name, EntryPoint = "MPI_Irecv")]
    public static partial int BeginReceive(nint buffer, int count, nint type, int from, int tag, nint ranks, out nint request);

    [LibraryImport(Name, EntryPoint = "MPI_Test")]
    public static partial int Test(ref nint request, out int done, nint status);

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Name ? Library : 0;

    // Homebrew and installations of one's own have it beside mpirun, distributions where every library is.
    static nint Load()
    {
        if (OpenMpi.OnPath(Environment.GetEnvironmentVariable) is { } mpirun
            && NativeLibrary.TryLoad(Path.Combine(Path.GetDirectoryName(mpirun)!, "..", "lib", FileName), out var beside))
            return beside;
        return NativeLibrary.TryLoad(FileName, out var found) ? found : 0;
    }
}
