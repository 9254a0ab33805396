using System.Diagnostics;
using System.Runtime.InteropServices;
using MlPerfEdu.Roofline.Torch;
using TorchSharp;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The libtorch that workloads run on.</summary>
public sealed partial class TorchProbe : ITorchProbe, IDisposable
{
    const int SmallCalls = 2000;
    const int SmallElements = 4;
    const int TrialSize = 16;

    readonly Dictionary<(int Size, GemmType Type), (torch.Tensor Left, torch.Tensor Right)> operands = [];

    public string Backend => Libtorch.Start().Backend;

    public int Threads => torch.get_num_threads();

    public void UseThreads(int threads) => torch.set_num_threads(threads);

    public string? Missing(GemmType type)
    {
        try
        {
            GemmSeconds(TrialSize, type);
            return null;
        }
        catch (ExternalException error)
        {
            return error.Message.Split('\n')[0];
        }
    }

    public double GemmSeconds(int size, GemmType type = GemmType.Fp32)
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

    public void Dispose()
    {
        foreach (var (left, right) in operands.Values)
        {
            left.Dispose();
            right.Dispose();
        }
    }

    (torch.Tensor Left, torch.Tensor Right) Operands(int size, GemmType type)
    {
        if (!operands.TryGetValue((size, type), out var pair))
            operands[(size, type)] = pair = (Operand(size, type), Operand(size, type));
        return pair;
    }

    // Kept beyond any scope that the caller may be in.
    static torch.Tensor Operand(int size, GemmType type)
    {
        var values = torch.rand(size, size);
        if (type == GemmType.Fp32)
            return values.DetachFromDisposeScope();
        using (values)
        {
            using var scaled = values.mul(type == GemmType.Int8 ? sbyte.MaxValue : 1);
            return scaled.to_type(type == GemmType.Int8 ? torch.ScalarType.Int8 : torch.ScalarType.BFloat16).DetachFromDisposeScope();
        }
    }
}
