using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Interop;

/// <summary>The functions of Native/mlperfedu_torch.h, one to one.</summary>
internal static unsafe partial class Native
{
    internal const string Library = "mlperfedu_torch";

    [DllImport(Library)] internal static extern byte* mt_last_error();
    [DllImport(Library)] internal static extern nint mt_find_operator(byte* name, byte* overload);
    [DllImport(Library)] internal static extern long mt_call(nint op, NativeValue* args, long count, NativeValue* results, long capacity);
    [DllImport(Library)] internal static extern void mt_take_results(NativeValue* results);

    [DllImport(Library)] internal static extern void mt_tensor_release(nint tensor);
    [DllImport(Library)] internal static extern nint mt_tensor_retain(nint tensor);
    [DllImport(Library)] internal static extern void mt_tensor_info_get(nint tensor, TensorInfo* info);
    [DllImport(Library), SuppressGCTransition] internal static extern long mt_tensor_dim(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern long mt_tensor_numel(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern int mt_tensor_dtype(nint tensor);
    [DllImport(Library)] internal static extern long mt_tensor_size(nint tensor, long dim);
    [DllImport(Library), SuppressGCTransition] internal static extern void mt_tensor_sizes(nint tensor, long* sizes);
    [DllImport(Library)] internal static extern int mt_tensor_strides(nint tensor, long* strides);
    [DllImport(Library)] internal static extern nint mt_tensor_data(nint tensor);
    [DllImport(Library)] internal static extern nint mt_tensor_storage_data(nint tensor, long* bytes);

    [DllImport(Library)] internal static extern int mt_requires_grad(nint tensor);
    [DllImport(Library)] internal static extern int mt_set_requires_grad(nint tensor, int value);
    [DllImport(Library)] internal static extern int mt_retain_grad(nint tensor);
    [DllImport(Library)] internal static extern nint mt_grad_get(nint tensor);
    [DllImport(Library)] internal static extern int mt_grad_set(nint tensor, nint grad);
    [DllImport(Library)] internal static extern int mt_set_data(nint tensor, nint data);
    [DllImport(Library)] internal static extern long mt_version_counter(nint tensor);
    [DllImport(Library)] internal static extern byte* mt_grad_fn_name(nint tensor);
    [DllImport(Library)] internal static extern int mt_backward(nint* tensors, long count, nint* gradients, int retainGraph,
        int createGraph, nint* inputs, long inputCount);
    [DllImport(Library)] internal static extern int mt_autograd_grad(nint* outputs, long count, nint* inputs, long inputCount,
        nint* gradients, int retainGraph, int createGraph, int allowUnused, nint* results);
    [DllImport(Library)] internal static extern int mt_custom_function(CustomNode* node);
    [DllImport(Library)] internal static extern void mt_callback_error(byte* message);

    [DllImport(Library), SuppressGCTransition] internal static extern int mt_grad_enabled();
    [DllImport(Library), SuppressGCTransition] internal static extern void mt_set_grad_enabled(int enabled);
    [DllImport(Library)] internal static extern nint mt_inference_mode_enter(int enabled);
    [DllImport(Library)] internal static extern void mt_inference_mode_leave(nint mode);
    [DllImport(Library), SuppressGCTransition] internal static extern int mt_is_inference_mode();

    [DllImport(Library)] internal static extern nint mt_generator_default();
    [DllImport(Library)] internal static extern nint mt_generator_new(ulong seed);
    [DllImport(Library)] internal static extern void mt_generator_release(nint generator);
    [DllImport(Library)] internal static extern void mt_generator_seed(nint generator, ulong seed);
    [DllImport(Library)] internal static extern ulong mt_generator_initial_seed(nint generator);
    [DllImport(Library)] internal static extern nint mt_generator_get_state(nint generator);
    [DllImport(Library)] internal static extern int mt_generator_set_state(nint generator, nint state);

    [DllImport(Library)] internal static extern int mt_group_available();
    [DllImport(Library)] internal static extern nint mt_group_join(byte* address, int port, int rank, int size, double joinSeconds,
        double answerSeconds);
    [DllImport(Library)] internal static extern int mt_group_sum(nint group, nint tensor);
    [DllImport(Library)] internal static extern int mt_group_broadcast(nint group, nint tensor, int root);
    [DllImport(Library)] internal static extern int mt_group_barrier(nint group);
    [DllImport(Library)] internal static extern void mt_group_leave(nint group);

    [DllImport(Library)] internal static extern byte* mt_libtorch_version();
    [DllImport(Library)] internal static extern byte* mt_build_settings();
    [DllImport(Library)] internal static extern int mt_get_num_threads();
    [DllImport(Library)] internal static extern void mt_set_num_threads(int count);
    [DllImport(Library)] internal static extern int mt_get_num_interop_threads();
    [DllImport(Library)] internal static extern int mt_set_num_interop_threads(int count);

    [DllImport(Library)] internal static extern int mt_record_start();
    [DllImport(Library)] internal static extern byte* mt_record_stop();

    [DllImport(Library)] internal static extern int mt_keep_large_blocks();
    [DllImport(Library)] internal static extern int mt_cache_limit(long bytes);
    [DllImport(Library)] internal static extern void mt_release_unused();
    [DllImport(Library)] internal static extern void mt_cache_counters(long* cached, long* inUse, long* hits, long* misses);

    [DllImport(Library)] internal static extern int mt_tensor_save(nint tensor, byte* path);
    [DllImport(Library)] internal static extern nint mt_tensor_load(byte* path);
}
