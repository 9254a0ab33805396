using System.Runtime.CompilerServices;

namespace MlPerfEdu.Roofline.Torch;

/// <summary>Compiled into every project that uses libtorch, so that it is started before the first use, wherever that is.</summary>
static class StartTorch
{
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "Nothing may call libtorch before this.")]
    internal static void WithTorchSharp() => Libtorch.StartWithTorchSharp();
}
