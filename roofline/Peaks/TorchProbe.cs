using System.Diagnostics;
using System.Runtime.InteropServices;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Torch;
using TorchSharp;

namespace MlPerfEdu.Roofline.Peaks;

public interface ITorchProbe
{
    string Backend { get; }
    int Threads { get; }

    void UseThreads(int threads);

    /// <summary>Why libtorch has no product of this kind; null when it has one.</summary>
    string? Missing(PeakKind type);

    /// <summary>Seconds of one product of two size × size matrices.</summary>
    double GemmSeconds(int size, PeakKind type = PeakKind.Gemm);

    /// <summary>Seconds of one operator on almost no data, as the mean of many.</summary>
    double EmptyOperatorSeconds();

    /// <summary>Seconds to allocate and fill each of so many tensors, all of them kept, so that none lies in memory used before.</summary>
    IReadOnlyList<double> FirstTouchSeconds(long bytes, int tensors);

    /// <summary>Seconds to allocate, fill and free a tensor, right after one of the same size was freed.</summary>
    double AllocatedAgainSeconds(long bytes);

    /// <summary>Seconds to fill a tensor that exists and was filled before.</summary>
    double RefillSeconds(long bytes);

    /// <summary>Seconds to allocate and free a tensor of almost no data, as the mean of many.</summary>
    double SmallAllocationSeconds();
}

public sealed class TorchProbe : ITorchProbe, IDisposable
{
    const int SmallCalls = 2000;
    const int SmallElements = 4;

    readonly Dictionary<(int Size, PeakKind Type), (torch.Tensor Left, torch.Tensor Right)> operands = [];

    public string Backend => Libtorch.Start().Backend;
    public int Threads => torch.get_num_threads();
    public void UseThreads(int threads) => torch.set_num_threads(threads);

    public string? Missing(PeakKind type)
    {
        try
        {
            GemmSeconds(16, type);
            return null;
        }
        catch (ExternalException error)
        {
            return error.Message.Split('\n')[0];
        }
    }

    public double GemmSeconds(int size, PeakKind type = PeakKind.Gemm)
    {
        using var mode = torch.no_grad();
        var (left, right) = Operands(size, type);
        var start = Stopwatch.GetTimestamp();
        using var product = torch.mm(left, right);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public double EmptyOperatorSeconds()
    {
        using var mode = torch.no_grad();
        using var left = torch.ones(SmallElements);
        using var right = torch.ones(SmallElements);
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < SmallCalls; call++)
        {
            using var sum = left.add(right);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / SmallCalls;
    }

    public IReadOnlyList<double> FirstTouchSeconds(long bytes, int tensors)
    {
        using var scope = torch.NewDisposeScope();
        return [.. Enumerable.Range(0, tensors).Select(_ => Seconds(() => Filled(bytes)))];
    }

    public double AllocatedAgainSeconds(long bytes)
    {
        Filled(bytes).Dispose();
        return Seconds(() => Filled(bytes).Dispose());
    }

    public double RefillSeconds(long bytes)
    {
        using var tensor = Filled(bytes);
        return Seconds(() => tensor.fill_(2));
    }

    public double SmallAllocationSeconds()
    {
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < SmallCalls; call++)
        {
            using var tensor = torch.empty(SmallElements);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / SmallCalls;
    }

    public void Dispose()
    {
        foreach (var (left, right) in operands.Values)
        {
            left.Dispose();
            right.Dispose();
        }
    }

    (torch.Tensor Left, torch.Tensor Right) Operands(int size, PeakKind type)
    {
        if (!operands.TryGetValue((size, type), out var pair))
            operands[(size, type)] = pair = (Operand(size, type), Operand(size, type));
        return pair;
    }

    static double Seconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static torch.Tensor Filled(long bytes)
    {
        using var mode = torch.no_grad();
        return torch.empty(bytes / sizeof(float)).fill_(1);
    }

    // Kept beyond any scope that the caller may be in.
    static torch.Tensor Operand(int size, PeakKind type)
    {
        if (type == PeakKind.Gemm)
            return torch.rand(size, size).DetachFromDisposeScope();
        var (largest, stored) = type == PeakKind.GemmInt8 ? (sbyte.MaxValue, torch.ScalarType.Int8) : (1, torch.ScalarType.BFloat16);
        using var values = torch.rand(size, size);
        using var scaled = values.mul(largest);
        return scaled.to_type(stored).DetachFromDisposeScope();
    }
}

/// <summary>The cost of an operator before it computes anything, and of memory before it is used.</summary>
sealed class OperatorPeaks(ITorchProbe torch, MachineFacts facts)
{
    const long LargeBytes = 64L << 20;

    public IEnumerable<PeakSeries> Empty(Action<double> progress) => PeakTask.InTurn(
        [new(Small(PeakKind.EmptyOperator, "addition of two tensors of 4 elements, freed"), torch.EmptyOperatorSeconds)], progress);

    public IEnumerable<PeakSeries> Allocation(Action<double> progress)
    {
        const int tensors = PeakTask.Discarded + PeakTask.MostRepeats;
        var bytes = Math.Min(LargeBytes, WorkingSets.Largest(facts) / tensors);
        // First of all: memory that libtorch frees later would be handed out here.
        var firstTouch = torch.FirstTouchSeconds(bytes, tensors).Skip(PeakTask.Discarded).Select(seconds => bytes / seconds);
        return
        [
            Large(PeakKind.FirstTouch, "tensor allocated and filled, in memory not used before, 4 bytes per element")
                with { Samples = [.. firstTouch] },
            .. PeakTask.InTurn(
            [
                new(Large(PeakKind.AllocatedAgain, "tensor allocated, filled and freed, after one of that size was freed, 4 bytes per element"),
                    () => bytes / torch.AllocatedAgainSeconds(bytes)),
                new(Large(PeakKind.Refilled, "tensor that exists filled again, 4 bytes per element"), () => bytes / torch.RefillSeconds(bytes)),
                new(Small(PeakKind.SmallAllocation, "allocation of a tensor of 4 elements, freed"), torch.SmallAllocationSeconds),
            ], progress),
        ];

        PeakSeries Large(PeakKind kind, string convention) => new(kind, "", torch.Threads, bytes, PeakSeries.Bytes, convention, []);
    }

    static PeakSeries Small(PeakKind kind, string convention) => new(kind, "", 1, 0, PeakSeries.Seconds, convention, []);
}
