using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Factories
{
    public static CaseTable Table { get; } = new("factories")
    {
        { "zeros", _ => zeros(2, 3), _ => zeros([2, 3]) },
        { "zeros_int64", _ => zeros(2, dtype: ScalarType.Int64) },
        { "ones", _ => ones(2, 1, 2), _ => ones([2, 1, 2]) },
        { "ones_bool", _ => ones(3, dtype: ScalarType.Bool) },
        { "full", _ => full(2, 2, 1.5), _ => full([2, 2], 1.5) },
        { "eye", _ => eye(3) },
        { "eye_rectangular", _ => eye(2, 3) },
        { "arange", _ => arange(5) },
        { "arange_from", _ => arange(2, 7) },
        { "arange_step", _ => arange(1.0, 2.0, 0.25, ScalarType.Float32) },
        { "arange_float32", _ => arange(0, 4, dtype: ScalarType.Float32) },
        { "linspace", _ => linspace(-1, 1, 7) },
        { "logspace", _ => logspace(0, 2, 5) },
        { "zeros_like", i => zeros_like(i["x"]), i => i["x"].zeros_like() },
        { "ones_like", i => ones_like(i["x"]), i => i["x"].ones_like() },
        { "full_like", i => full_like(i["x"], 7), i => i["x"].full_like(7) },
        { "new_zeros", i => i["x"].new_zeros([2, 2]) },
        { "new_ones", i => i["x"].new_ones(2) },
        { "new_full", i => i["x"].new_full([2], 3.5) },
        { "empty_shape", _ => empty(2, 0, 3).shape, _ => empty([2, 0, 3]).shape },
        { "empty_like_shape", i => empty_like(i["x"]).shape, i => i["x"].empty_like().shape },
        { "tensor_float", _ => tensor([1.5f, -2.0f]), _ => from_array(new[] { 1.5f, -2.0f }) },
        { "tensor_int64", _ => tensor([1L, -2L]) },
        { "tensor_bool", _ => tensor([true, false]) },
        { "tensor_scalar", _ => tensor(2.5f) },
        {
            "tensor_reshaped",
            _ => tensor([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]),
            _ => tensor(new[,] { { 1f, 2f, 3f }, { 4f, 5f, 6f } }),
            _ => tensor([1f, 2f, 3f, 4f, 5f, 6f], 2, 3)
        },
        { "tensor_as_double", _ => tensor([1.0, 2.0]), _ => tensor([1f, 2f], dtype: ScalarType.Float64) },
        { "blackman_window", _ => blackman_window(8) },
        { "bartlett_window", _ => bartlett_window(8) },
        { "new_empty_shape", i => i["x"].new_empty([2, 3]).shape },
        { "empty_strided", _ => empty_strided([2, 3], [1, 2]).stride() },
        { "as_tensor", _ => as_tensor(new[] { 1.5f, 2.5f }) },
        { "frombuffer", _ => frombuffer(new[] { 1, 2, 3 }, ScalarType.Int32) },
        { "hann_window", _ => hann_window(8) },
        { "hann_window_symmetric", _ => hann_window(9, periodic: false) },
        { "hamming_window", _ => hamming_window(8) },
    };
}
