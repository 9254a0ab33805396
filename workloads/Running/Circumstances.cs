using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Workloads.Running;

/// <summary>The software that a run is made of, and the memory that it starts with.</summary>
static class Circumstances
{
    /// <summary>What the last workload's tensors left for reuse is not this one's.</summary>
    public static void ReleaseUnusedMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        NativeProcess.ReleaseUnusedMemory();
    }

    public static IReadOnlyDictionary<string, string> Versions()
    {
        var engine = Libtorch.Start();
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["dotnet"] = Environment.Version.ToString(),
            ["torchsharp"] = engine.TorchSharpVersion,
            ["libtorch"] = engine.Version,
            ["threads"] = engine.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }
}
