using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new AutoGradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new AutoGradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new AutoGradMode(mode);

    public static bool is_grad_enabled() => AutoGradMode.IsEnabled;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => InferenceMode.IsEnabled;

    public static int get_num_threads() => Native.mt_get_num_threads();

    public static void set_num_threads(int num) => Native.mt_set_num_threads(num);

    public static int get_num_interop_threads() => Native.mt_get_num_interop_threads();

    public static void set_num_interop_threads(int num) => NativeError.Check(Native.mt_set_num_interop_threads(num));

    public static string __version__ => Provider.Info.LibtorchVersion;
}

/// <summary>Whether the operators of this thread are recorded for gradients, until disposed.</summary>
internal sealed class AutoGradMode : IDisposable
{
    private readonly bool _previous;

    public AutoGradMode(bool enabled)
    {
        _previous = IsEnabled;
        Native.mt_set_grad_enabled(enabled ? 1 : 0);
    }

    public static bool IsEnabled => Native.mt_grad_enabled() != 0;

    public void Dispose() => Native.mt_set_grad_enabled(_previous ? 1 : 0);
}

/// <summary>
/// No finalizer on purpose: the mode belongs to the thread that entered it, and a finalizer runs on another one.
/// </summary>
internal sealed class InferenceMode(bool enabled) : IDisposable
{
    private nint _mode = Native.mt_inference_mode_enter(enabled ? 1 : 0);

    public static bool IsEnabled => Native.mt_is_inference_mode() != 0;

    public void Dispose()
    {
        var mode = _mode;
        _mode = 0;
        if (mode != 0) Native.mt_inference_mode_leave(mode);
    }
}
