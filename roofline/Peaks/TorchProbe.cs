using System.Diagnostics;
using TorchSharp;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The libtorch that workloads run on.</summary>
public sealed class TorchProbe : ITorchProbe, IDisposable
{
    const int EmptyOperatorCalls = 2000;
    const int EmptyOperatorElements = 4;

    readonly Dictionary<int, (torch.Tensor Left, torch.Tensor Right)> operands = [];

    public string Backend => TorchBackend.Description;

    public int Threads => torch.get_num_threads();

    public double GemmSeconds(int size)
    {
        using var mode = torch.no_grad();
        var (left, right) = Operands(size);
        var start = Stopwatch.GetTimestamp();
        using var product = torch.mm(left, right);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public double EmptyOperatorSeconds()
    {
        using var mode = torch.no_grad();
        using var left = torch.ones(EmptyOperatorElements);
        using var right = torch.ones(EmptyOperatorElements);
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < EmptyOperatorCalls; call++)
        {
            using var sum = left.add(right);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / EmptyOperatorCalls;
    }

    public void Dispose()
    {
        foreach (var (left, right) in operands.Values)
        {
            left.Dispose();
            right.Dispose();
        }
    }

    (torch.Tensor Left, torch.Tensor Right) Operands(int size)
    {
        if (!operands.TryGetValue(size, out var pair))
        {
            // Kept beyond any scope that the caller may be in.
            pair = (torch.rand(size, size).DetachFromDisposeScope(), torch.rand(size, size).DetachFromDisposeScope());
            operands[size] = pair;
        }

        return pair;
    }
}
