using System.Runtime.CompilerServices;

namespace MlPerfEdu.Roofline.Torch;

/// <summary>Compiled into every project that uses libtorch, so that whichever comes first has it started.</summary>
static class StartTorch
{
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "Nothing may call libtorch before this.")]
    internal static void WithTorchSharp() => Libtorch.StartWithTorchSharp();
}
