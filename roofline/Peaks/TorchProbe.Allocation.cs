using System.Diagnostics;
using TorchSharp;

namespace MlPerfEdu.Roofline.Peaks;

public sealed partial class TorchProbe
{
    public IReadOnlyList<double> FirstTouchSeconds(long bytes, int tensors)
    {
        using var scope = torch.NewDisposeScope();
        var seconds = new List<double>();
        for (var tensor = 0; tensor < tensors; tensor++)
        {
            var start = Stopwatch.GetTimestamp();
            Filled(bytes);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return seconds;
    }

    public double AllocatedAgainSeconds(long bytes)
    {
        Filled(bytes).Dispose();
        var start = Stopwatch.GetTimestamp();
        Filled(bytes).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public double RefillSeconds(long bytes)
    {
        using var tensor = Filled(bytes);
        var start = Stopwatch.GetTimestamp();
        tensor.fill_(2);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
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

    static torch.Tensor Filled(long bytes)
    {
        using var mode = torch.no_grad();
        return torch.empty(bytes / sizeof(float)).fill_(1);
    }
}
