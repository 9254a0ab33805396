using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// The gradient of a parameter, by TorchSharp's native functions. Its managed calls make a tensor object with a finalizer each time, which
/// takes longer than the update of a small layer.
/// </summary>
static unsafe partial class Gradient
{
    /// <summary>Where the numbers are, until the gradient is let go; null when there is none in one piece.</summary>
    public static float* Of(Parameter parameter)
    {
        var gradient = THSTensor_grad(parameter.Handle);
        if (gradient == 0)
            return null;
        var address = THSTensor_is_contiguous(gradient) != 0 ? THSTensor_data(gradient) : 0;
        // The parameter keeps the gradient itself.
        THSTensor_dispose(gradient);
        GC.KeepAlive(parameter);
        return (float*)address;
    }

    public static void LetGo(Parameter parameter)
    {
        THSTensor_set_grad(parameter.Handle, 0);
        GC.KeepAlive(parameter);
    }

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_grad(nint tensor);

    [LibraryImport("LibTorchSharp")]
    private static partial void THSTensor_set_grad(nint tensor, nint gradient);

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint tensor);

    [LibraryImport("LibTorchSharp")]
    private static partial byte THSTensor_is_contiguous(nint tensor);

    [LibraryImport("LibTorchSharp")]
    private static partial void THSTensor_dispose(nint tensor);
}
