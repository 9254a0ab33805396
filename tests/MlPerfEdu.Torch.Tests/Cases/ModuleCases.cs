using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class ModuleCases
{
    public static ModuleTable Table { get; } = Filled();

    private static ModuleTable Filled()
    {
        var table = new ModuleTable();
        AddConvolutions(table);
        AddNormalisation(table);
        AddSequences(table);
        AddSimple(table);
        return table;
    }

    private static void AddConvolutions(ModuleTable table)
    {
        table.Add("linear", () => Linear(4, 3));
        table.Add("linear_without_bias", () => Linear(4, 3, hasBias: false));
        table.Add("conv1d", () => Conv1d(2, 3, 3, stride: 2, padding: 1));
        table.Add("conv2d", () => Conv2d(2, 3, 3));
        table.Add("conv2d_rectangular", () => Conv2d(1, 2, (4, 3), stride: (2, 2), padding: (2, 1), bias: false));
        table.Add("conv2d_depthwise", () => Conv2d(4, 4, 3, padding: 1, groups: 4));
        table.Add("conv2d_dilated", () => Conv2d(1, 2, 2, dilation: 2));
        table.Add("conv_transpose2d", () => ConvTranspose2d(2, 2, 4, stride: 2, padding: 1));
        table.Add("conv2d_same", () => Conv2d(1, 2, 3, Padding.Same));
        table.Add("conv_transpose1d", () => ConvTranspose1d(2, 3, 3, stride: 2));
        table.Add("sequential", () => Sequential(Linear(4, 5), ReLU(), Linear(5, 2)));
        table.Add("residual", () => new Residual());
        table.Add("separable_train", () => new Separable());
        table.Add("separable_eval", () => new Separable());
        table.Add("unet", () => new Unet());
        table.Add("inverted_residual", () => new InvertedResidual());
        table.Add("llama_block", () => new LlamaBlock());
    }

    private static void AddNormalisation(ModuleTable table)
    {
        foreach (var mode in new[] { "train", "eval" })
        {
            table.Add($"batch_norm1d_{mode}", () => BatchNorm1d(3));
            table.Add($"batch_norm2d_{mode}", () => BatchNorm2d(2));
            table.Add($"batch_norm_momentum_{mode}", () => BatchNorm1d(3, eps: 1e-3, momentum: 0.3));
            table.Add($"batch_norm_plain_{mode}", () => BatchNorm2d(2, affine: false));
            table.Add($"batch_norm_without_statistics_{mode}", () => BatchNorm1d(3, track_running_stats: false));
        }
        table.Add("batch_norm_two_steps", () => BatchNorm1d(3), (m, i) => (m.call(i["x"]), m.call(i["y"])));
        table.Add("layer_norm", () => LayerNorm(4));
        table.Add("layer_norm_of_two", () => LayerNorm([2, 3], elementwise_affine: false));
        table.Add("group_norm", () => GroupNorm(2, 4));
    }

    private static void AddSequences(ModuleTable table)
    {
        table.Add("embedding", () => Embedding(5, 3), (m, i) => m.call(i["i"]));
        table.Add("embedding_padded", () => Embedding(5, 3, padding_idx: 0), (m, i) => m.call(i["i"]));
        table.Add("embedding_bag_from_pretrained", () => EmbeddingBag_from_pretrained(torch.eye(4)), (m, i) => m.call(i["i"]));
        table.Add("embedding_from_pretrained", () => Embedding_from_pretrained(torch.eye(4)), (m, i) => m.call(i["i"]));
        table.Add("embedding_bag_sum", () => EmbeddingBag(6, 3, mode: EmbeddingBagMode.Sum), (m, i) => m.call(i["i"], i["o"], null!));
        table.Add("embedding_bag_mean", () => EmbeddingBag(6, 3), (m, i) => m.call(i["i"], i["o"], null!));
        table.Add("lstm", () => LSTM(3, 4), (m, i) => m.call(i["x"]));
        table.Add("lstm_two_layers_batch_first", () => LSTM(3, 4, 2, batchFirst: true), (m, i) => m.call(i["x"]));
        table.Add("lstm_from_state", () => LSTM(3, 4), (m, i) => m.call(i["x"], (i["h"], i["c"])));
        table.Add("embedding_sparse", () => Embedding(5, 3, sparse: true), (m, i) => m.call(i["i"]));
        table.Add("embedding_bag_max", () => EmbeddingBag(6, 3, mode: EmbeddingBagMode.Max), (m, i) => m.call(i["i"], i["o"]));
        table.Add("embedding_bag_last_offset",
            () => EmbeddingBag(6, 3, mode: EmbeddingBagMode.Sum, include_last_offset: true), (m, i) => m.call(i["i"], i["o"]));
        table.Add("embedding_bag_weighted",
            () => EmbeddingBag(6, 3, mode: EmbeddingBagMode.Sum), (m, i) => m.call(i["i"], i["o"], i["w"]));
        table.Add("embedding_bag_sparse",
            () => EmbeddingBag(6, 3, mode: EmbeddingBagMode.Sum, sparse: true), (m, i) => m.call(i["i"], i["o"]));
        table.Add("lstm_dropout", () => LSTM(3, 4, 3, dropout: 0.4), (m, i) => m.call(i["x"]));
        table.Add("lstm_bidirectional", () => LSTM(3, 4, bidirectional: true), (m, i) => m.call(i["x"]));
        table.Add("lstm_state_returns", () => LSTM(3, 4, 2, batchFirst: true), (m, i) => m.call(i["x"], (i["h"], i["c"])));
        table.Add("gru_from_state", () => GRU(3, 4, 2), (m, i) => m.call(i["x"], i["h"]));
        table.Add("gru", () => GRU(3, 4, batchFirst: true), (m, i) => m.call(i["x"]));
    }

    private static void AddSimple(ModuleTable table)
    {
        table.Add("dropout_train", () => Dropout(0.4));
        table.Add("dropout_eval", () => Dropout(0.4));
        table.Add("dropout2d_train", () => Dropout2d());
        table.Add("dropout2d_eval", () => Dropout2d());
        table.Add("upsample", () => Upsample(scale_factor: [2, 2]));
        table.Add("upsample_bilinear", () => Upsample([4, 5], mode: torch.UpsampleMode.Bilinear, align_corners: true));
        table.Add("mish", () => Mish());
        table.Add("glu", () => GLU());
        table.Add("gelu_tanh", () => GELU(TorchSharp.Modules.GELU.Approximate.tanh));
        table.Add("relu", () => ReLU());
        table.Add("relu6", () => ReLU6());
        table.Add("leaky_relu", () => LeakyReLU(0.1));
        table.Add("gelu", () => GELU());
        table.Add("silu", () => SiLU());
        table.Add("tanh", () => Tanh());
        table.Add("sigmoid", () => Sigmoid());
        table.Add("elu", () => ELU());
        table.Add("softplus", () => Softplus());
        table.Add("hardswish", () => Hardswish());
        table.Add("softmax", () => Softmax(1));
        table.Add("log_softmax", () => LogSoftmax(1));
        table.Add("identity", () => Identity());
        table.Add("flatten", () => Flatten());
        table.Add("max_pool2d", () => MaxPool2d(2));
        table.Add("avg_pool2d", () => AvgPool2d(2));
        table.Add("hardsigmoid", () => Hardsigmoid());
        table.Add("max_pool1d", () => MaxPool1d(2));
        table.Add("avg_pool1d", () => AvgPool1d(2));
        table.Add("adaptive_avg_pool1d", () => AdaptiveAvgPool1d(2));
        table.Add("adaptive_avg_pool2d", () => AdaptiveAvgPool2d(1));
    }
}
