using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Errors
{
    public static CaseTable Table { get; } = new("errors")
    {
        { "add_shapes", i => i["a"] + i["b"] },
        { "matmul_shapes", i => i["a"].matmul(i["b"]) },
        { "mm_is_for_matrices", i => mm(i["a"], i["b"]) },
        { "bmm_batches", i => bmm(i["a"], i["b"]) },
        { "view_size", i => i["a"].view(4, 2) },
        { "view_of_transposed", i => i["a"].view(6) },
        { "cat_shapes", i => cat([i["a"], i["b"]]) },
        { "stack_shapes", i => stack([i["a"], i["b"]]) },
        { "dimension", i => i["a"].sum(5) },
        { "conv2d_channels", i => F.conv2d(i["a"], i["w"]) },
        { "index_outside", i => index_select(i["a"], 0, i["i"]) },
        { "gather_type", i => gather(i["a"], 0, i["i"]) },
        { "cross_entropy_batch", i => F.cross_entropy(i["a"], i["y"]) },
        { "cross_entropy_class", i => F.cross_entropy(i["a"], i["y"]) },
        { "embedding_index", i => nn.Embedding(3, 2).call(i["i"]) },
        { "backward_of_many", i => Backward(i["a"].exp()) },
        { "backward_without_graph", i => Backward(i["a"].sum()) },
        { "in_place_on_leaf", i => i["a"].add_(1) },
        { "expand_grows", i => i["a"].expand(4, 5) },
        { "result_type", i => i["b"].add_(i["a"]) },
        { "layer_norm_shape", i => F.layer_norm(i["a"], [4]) },
    };

    private static Tensor Backward(Tensor result)
    {
        result.backward();
        return result;
    }
}
