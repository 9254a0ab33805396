using TorchSharp;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The TorchSharp, libtorch and BLAS in use, as far as the provider tells.</summary>
public static class TorchBackend
{
    // Exists only where the provider can say more than TorchSharp's own API.
    const string ProviderInfo = "TorchSharp.Provider.Info";

    public static string Description
    {
        get
        {
            // Asked first: the provider knows its BLAS only once libtorch is loaded.
            var version = torch.__version__;
            var provider = Told("Name") is { } name ? $"{name} provider" : "TorchSharp package";
            var blas = Told("Blas") is { } library ? $", BLAS {Path.GetFileName(library)}" : "";
            return $"{provider}, libtorch {version}{blas}";
        }
    }

    static string? Told(string property) =>
        typeof(torch).Assembly.GetType(ProviderInfo)?.GetProperty(property)?.GetValue(null) as string;
}
