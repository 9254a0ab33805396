using System.Diagnostics;
using System.Reflection;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Running;

/// <summary>The software that a run is made of, for its evidence.</summary>
static class Circumstances
{
    static readonly TimeSpan GitPatience = TimeSpan.FromSeconds(10);

    public static IReadOnlyDictionary<string, string> Versions()
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["dotnet"] = Environment.Version.ToString(),
            ["torchsharp"] = typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString() ?? "unknown",
            ["torch_provider"] = Metadata("TorchProvider"),
            ["threads"] = TorchSharp.torch.get_num_threads().ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        // Only the system provider knows more; the class is no part of TorchSharp's API, so it is looked up by name.
        if (typeof(TorchSharp.torch).Assembly.GetType("TorchSharp.Provider.Info") is { } info)
        {
            versions["libtorch"] = Read(info, "LibtorchVersion");
            versions["blas"] = Path.GetFileName(Path.GetDirectoryName(Read(info, "Blas"))) is { Length: > 0 } folder ? folder : Read(info, "Blas");
        }
        return versions;
    }

    /// <summary>The commit that the clone is at; unknown without git or outside a clone.</summary>
    public static SourceState Source(string root) =>
        Git(root, "rev-parse", "HEAD") is { } commit
            ? new SourceState(commit.Trim(), Git(root, "status", "--porcelain", "--untracked-files=no") is { } changes ? changes.Length > 0 : null)
            : SourceState.Unknown;

    static string Metadata(string key) => typeof(Circumstances).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == key)?.Value is { Length: > 0 } value ? value : "unknown";

    static string Read(Type type, string property) => type.GetProperty(property)?.GetValue(null)?.ToString() ?? "unknown";

    static string? Git(string root, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("git", ["-C", root, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start);
            if (process is null) return null;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(GitPatience))
            {
                process.Kill();
                return null;
            }
            return process.ExitCode == 0 ? output.Result : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
