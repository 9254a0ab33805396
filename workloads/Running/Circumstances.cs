using System.Reflection;

namespace MlPerfEdu.Workloads.Running;

/// <summary>The software that a run is made of, and the memory that it starts with.</summary>
static class Circumstances
{
    // Only the system provider knows more; the class is no part of TorchSharp's API, so it is looked up by name.
    static Type? SystemProvider => typeof(TorchSharp.torch).Assembly.GetType("TorchSharp.Provider.Info");

    /// <summary>The release, where the provider knows it.</summary>
    public static string Libtorch => SystemProvider is { } info ? Read(info, "LibtorchVersion") : Metadata("TorchProvider");

    /// <summary>What the last workload's tensors left for reuse is not this one's.</summary>
    public static void ReleaseUnusedMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        SystemProvider?.GetMethod("ReleaseUnusedMemory")?.Invoke(null, null);
    }

    public static IReadOnlyDictionary<string, string> Versions()
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["dotnet"] = Environment.Version.ToString(),
            ["torchsharp"] = typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString() ?? "unknown",
            ["torch_provider"] = Metadata("TorchProvider"),
            ["threads"] = TorchSharp.torch.get_num_threads().ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (SystemProvider is { } info)
        {
            versions["libtorch"] = Libtorch;
            versions["blas"] = Path.GetFileName(Path.GetDirectoryName(Read(info, "Blas"))) is { Length: > 0 } folder ? folder : Read(info, "Blas");
        }
        return versions;
    }

    static string Metadata(string key) => typeof(Circumstances).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == key)?.Value is { Length: > 0 } value ? value : "unknown";

    static string Read(Type type, string property) => type.GetProperty(property)?.GetValue(null)?.ToString() ?? "unknown";
}
