using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Distributed;

/// <summary>
/// The ranks that one mpirun started. No exchange waits forever: mpirun notices a rank that ends, but not one that hangs.
/// </summary>
public sealed class MpiGroup : IProcessGroup
{
    // Ranks prepare before they first meet; on a busy machine some take tens of seconds longer than others.
    static readonly TimeSpan FirstMeeting = TimeSpan.FromMinutes(1);

    // Between the exchanges of a run lie milliseconds.
    static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    // By then, every rank that waited for the same one has given up.
    static readonly TimeSpan RollCall = TimeSpan.FromSeconds(1);

    // A process that was itself suspended for longer cannot judge the others' silence.
    static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    // Some microseconds; then another rank may have the processor.
    const int TestsBetweenYields = 32;

    const int RollCallTag = 1;

    static readonly nint World = MpiLibrary.Symbol("ompi_mpi_comm_world"), Float = MpiLibrary.Symbol("ompi_mpi_float"),
        Byte = MpiLibrary.Symbol("ompi_mpi_byte"), Addition = MpiLibrary.Symbol("ompi_mpi_op_sum");

    readonly RankPlace place;
    readonly TimeSpan answer;
    TimeSpan patience;

    MpiGroup(RankPlace place, TimeSpan meeting, TimeSpan answer) => (this.place, patience, this.answer) = (place, meeting, answer);

    public int Rank => place.Rank;

    public int Size => place.Size;

    /// <summary>Waits until every rank has come.</summary>
    public static MpiGroup Join(RankPlace place) => Join(place, FirstMeeting, Answer);

    internal static MpiGroup Join(RankPlace place, TimeSpan meeting, TimeSpan answer)
    {
        try
        {
            var joining = Task.Run(() => MpiLibrary.Initialize(0, 0, MpiLibrary.OneCallAtATime, out _));
            if (!joining.Wait(meeting))
                throw DistributedErrors.NotJoined(place, meeting);
        }
        catch (AggregateException error) when (error.InnerException is DllNotFoundException why)
        {
            throw DistributedErrors.NoOpenMpi(why.Message);
        }

        var group = new MpiGroup(place, meeting, answer);
        group.Check(MpiLibrary.OnError(World, MpiLibrary.Symbol("ompi_mpi_errors_return")));
        return group;
    }

    public unsafe void Sum(Tensor tensor)
    {
        if (tensor.dtype != ScalarType.Float32)
            throw new ArgumentException($"Found a tensor of {tensor.dtype}; expected one of floats.", nameof(tensor));
        fixed (byte* numbers = tensor.bytes)
        {
            var count = checked((int)tensor.numel());
            Check(MpiLibrary.BeginSum(MpiLibrary.InPlace, (nint)numbers, count, Float, Addition, World, out var sum));
            Finish(sum);
        }
    }

    public unsafe void Broadcast(Tensor tensor, int root)
    {
        var bytes = tensor.bytes;
        fixed (byte* first = bytes)
        {
            Check(MpiLibrary.BeginBroadcast((nint)first, bytes.Length, Byte, root, World, out var broadcast));
            Finish(broadcast);
        }
    }

    public void Barrier()
    {
        Check(MpiLibrary.BeginBarrier(World, out var barrier));
        Finish(barrier);
    }

    /// <summary>Call after the last exchange: mpirun ends all ranks when one exits without it.</summary>
    public void Leave()
    {
        // Leaving has no time limit of its own.
        Barrier();
        Check(MpiLibrary.Leave());
    }

    void Finish(nint request)
    {
        if (!IsDone(request, patience))
            throw DistributedErrors.RankSilent(place, Silent(), patience);
        patience = answer;
    }

    bool IsDone(nint request, TimeSpan patience)
    {
        var (last, waited) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        while (true)
        {
            for (var test = 0; test < TestsBetweenYields; test++)
            {
                Check(MpiLibrary.Test(ref request, out var done, MpiLibrary.NoStatus));
                if (done != 0)
                    return true;
            }

            var now = Stopwatch.GetTimestamp();
            var look = Stopwatch.GetElapsedTime(last, now);
            waited += look < LongestLook ? look : LongestLook;
            last = now;
            if (waited > patience)
                return false;
            Thread.Yield();
        }
    }

    // A rank that is waiting too answers the roll call.
    List<int> Silent()
    {
        List<int> others = [.. Enumerable.Range(0, Size).Where(rank => rank != Rank)];
        foreach (var other in others)
            Check(MpiLibrary.BeginSend(0, 0, Byte, other, RollCallTag, World, out _));
        var began = Stopwatch.GetTimestamp();
        return [.. others.Where(other =>
        {
            Check(MpiLibrary.BeginReceive(0, 0, Byte, other, RollCallTag, World, out var present));
            return !IsDone(present, RollCall - Stopwatch.GetElapsedTime(began));
        })];
    }

    void Check(int error)
    {
        if (error == MpiLibrary.Success)
            return;
        var text = new byte[MpiLibrary.LongestText];
        _ = MpiLibrary.Describe(error, text, out var length);
        throw DistributedErrors.ExchangeFailed(place, Encoding.ASCII.GetString(text, 0, length));
    }
}

/// <summary>The rank of a process and the number of ranks, as mpirun sets them.</summary>
public sealed record RankPlace(int Rank, int Size)
{
    const string RankVariable = "OMPI_COMM_WORLD_RANK", SizeVariable = "OMPI_COMM_WORLD_SIZE";

    /// <exception cref="RunException">A variable is missing or out of range.</exception>
    public static RankPlace From(Func<string, string?> variable)
    {
        var size = Number(SizeVariable, 1, 65_536);
        return new(Number(RankVariable, 0, size - 1), size);

        int Number(string name, int least, int most) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw DistributedErrors.NoPlace(name, variable(name), $"a whole number from {least} to {most}");
    }

    public override string ToString() => $"rank {Rank} of {Size}";
}

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

    // Homebrew and private installations have it next to mpirun, distributions among the system's libraries.
    static nint Load()
    {
        if (OpenMpi.OnPath(Environment.GetEnvironmentVariable) is { } mpirun
            && NativeLibrary.TryLoad(Path.Combine(Path.GetDirectoryName(mpirun)!, "..", "lib", FileName), out var local))
            return local;
        return NativeLibrary.TryLoad(FileName, out var found) ? found : 0;
    }
}
