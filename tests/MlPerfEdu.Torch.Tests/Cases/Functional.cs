using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Functional
{
    public static CaseTable Table { get; } = Filled();

    private static CaseTable Filled()
    {
        var table = new CaseTable("functional");
        AddActivations(table);
        AddConvolutions(table);
        AddPooling(table);
        AddNormalisation(table);
        AddAttention(table);
        AddResizing(table);
        AddRest(table);
        return table;
    }

    private static void AddActivations(CaseTable table)
    {
        table.Add("relu", i => F.relu(i["x"] * 3), i => F.relu(i["x"] * 3, inplace: true));
        table.Add("relu6", i => F.relu6(i["x"] * 3), i => (i["x"] * 3).relu6(), i => (i["x"] * 3).relu6_());
        table.Add("leaky_relu", i => F.leaky_relu(i["x"] * 3, 0.01));
        table.Add("leaky_relu_slope", i => F.leaky_relu(i["x"], 0.2), i => i["x"].leaky_relu(0.2), i => i["x"].clone().leaky_relu_(0.2));
        table.Add("elu", i => F.elu(i["x"] * 3, 1), i => (i["x"] * 3).elu(), i => (i["x"] * 3).elu_());
        table.Add("selu",
            i => F.selu(i["x"] * 3), i => F.selu(i["x"] * 3, inplace: true), i => (i["x"] * 3).selu(), i => (i["x"] * 3).selu_());
        table.Add("mish", i => F.mish(i["x"] * 3), i => F.mish(i["x"] * 3, inplace: true));
        table.Add("prelu", i => F.prelu(i["x"], i["w"]));
        table.Add("gelu", i => F.gelu(i["x"] * 3), i => (i["x"] * 3).gelu(), i => (i["x"] * 3).gelu_());
        table.Add("gelu_tanh", i => F.gelu(i["x"], TorchSharp.Modules.GELU.Approximate.tanh));
        table.Add("silu", i => F.silu(i["x"] * 3), i => (i["x"] * 3).silu(), i => (i["x"] * 3).silu_());
        table.Add("softplus", i => F.softplus(i["x"] * 3), i => (i["x"] * 3).softplus());
        table.Add("hardtanh", i => F.hardtanh(i["x"] * 3), i => (i["x"] * 3).hardtanh(-1, 1), i => (i["x"] * 3).hardtanh_(-1, 1));
        table.Add("hardswish", i => F.hardswish(i["x"] * 3), i => (i["x"] * 3).hardswish(), i => (i["x"] * 3).hardswish_());
        table.Add("hardsigmoid", i => F.hardsigmoid(i["x"] * 3), i => (i["x"] * 3).hardsigmoid(), i => (i["x"] * 3).hardsigmoid_());
        table.Add("sigmoid", i => F.sigmoid(i["x"] * 3), i => F.sigmoid(i["x"] * 3, inplace: true));
        table.Add("tanh", i => F.tanh(i["x"] * 3));
        table.Add("logsigmoid", i => F.logsigmoid(i["x"] * 3), i => (i["x"] * 3).log_sigmoid());
        table.Add("glu", i => F.glu(i["x"], 1), i => i["x"].glu(1));
        table.Add("softmax", i => F.softmax(i["x"], -1), i => i["x"].softmax(-1), i => softmax(i["x"], -1));
        table.Add("softmax_bfloat16", i => F.softmax(i["x"], -1));
        table.Add("softmax_dim0_strided", i => F.softmax(i["x"], 0));
        table.Add("softmax_masked", i => F.softmax(i["x"].masked_fill(i["m"], float.NegativeInfinity), -1));
        table.Add("softmax_in_double", i => F.softmax(i["x"], 1, ScalarType.Float64));
        table.Add("log_softmax", i => F.log_softmax(i["x"], 1), i => i["x"].log_softmax(1));
        table.Add("log_softmax_far_out", i => F.log_softmax(i["x"] * 1000, 1));
        table.Add("normalize", i => F.normalize(i["x"], 2.0, 1));
    }

    private static void AddConvolutions(CaseTable table)
    {
        table.Add("linear", i => F.linear(i["x"], i["w"], i["b"]));
        table.Add("linear_without_bias", i => F.linear(i["x"], i["w"]));
        table.Add("conv1d", i => F.conv1d(i["x"], i["w"], i["b"], stride: 2, padding: 1));
        table.Add("conv2d", i => F.conv2d(i["x"], i["w"], i["b"]));
        table.Add("conv2d_rectangular", i => F.conv2d(i["x"], i["w"], i["b"], strides: [2, 1], padding: [1, 2]));
        table.Add("conv2d_depthwise", i => F.conv2d(i["x"], i["w"], padding: [1, 1], groups: 4));
        table.Add("conv2d_dilated", i => F.conv2d(i["x"], i["w"], dilation: [2, 2]));
        table.Add("conv1d_same", i => F.conv1d_padding(i["x"], i["w"], i["b"], padding: Padding.Same));
        table.Add("conv2d_same", i => F.conv2d_padding(i["x"], i["w"], padding: Padding.Same));
        table.Add("conv_transpose1d", i => F.conv_transpose1d(i["x"], i["w"], i["b"], stride: 2, padding: 1));
        table.Add("conv_transpose2d_grouped",
            i => F.conv_transpose2d(i["x"], i["w"], strides: [2, 2], padding: [1, 1], output_padding: [1, 1], groups: 2));
        table.Add("unfold", i => F.unfold(i["x"], 3, padding: 1, stride: 2));
        table.Add("unfold_rectangular", i => F.unfold(i["x"], (2, 3), dilation: (2, 1)));
        table.Add("conv_transpose2d", i => F.conv_transpose2d(i["x"], i["w"], i["b"], strides: [2, 2], padding: [1, 1]));
    }

    private static void AddPooling(CaseTable table)
    {
        table.Add("max_pool1d", i => F.max_pool1d(i["x"], 3, 2));
        table.Add("max_pool2d", i => F.max_pool2d(i["x"], 2), i => F.max_pool2d(i["x"], [2, 2]));
        table.Add("max_pool2d_padded", i => F.max_pool2d(i["x"], 3, 2, 1), i => F.max_pool2d(i["x"], [3, 3], [2, 2], [1, 1]));
        table.Add("max_pool2d_with_indices", i => F.max_pool2d_with_indices(i["x"], [2, 2]));
        table.Add("max_pool2d_ceil", i => F.max_pool2d(i["x"], 3, 2, 1, ceil_mode: true));
        table.Add("avg_pool2d_without_padding", i => F.avg_pool2d(i["x"], 3, 2, 1, count_include_pad: false));
        table.Add("avg_pool1d", i => F.avg_pool1d(i["x"], 3, 2));
        table.Add("avg_pool2d", i => F.avg_pool2d(i["x"], 2), i => F.avg_pool2d(i["x"], [2, 2]));
        table.Add("adaptive_avg_pool2d", i => F.adaptive_avg_pool2d(i["x"], 1));
        table.Add("adaptive_avg_pool2d_uneven", i => F.adaptive_avg_pool2d(i["x"], (2, 3)));
        table.Add("adaptive_avg_pool1d", i => F.adaptive_avg_pool1d(i["x"], 2));
    }

    private static void AddNormalisation(CaseTable table)
    {
        table.Add("layer_norm", i => F.layer_norm(i["x"], [4], i["w"], i["b"]));
        table.Add("layer_norm_bfloat16", i => F.layer_norm(i["x"], [8]));
        table.Add("layer_norm_plain", i => F.layer_norm(i["x"], [2, 3]));
        table.Add("group_norm", i => F.group_norm(i["x"], 2, i["w"], i["b"]));
        table.Add("instance_norm", i => F.instance_norm(i["x"]));
        table.Add("batch_norm_train", i => F.batch_norm(i["x"], i["m"], i["v"], i["w"], i["b"], training: true));
        table.Add("batch_norm_eval", i => F.batch_norm(i["x"], i["m"], i["v"], i["w"], i["b"]));
    }

    private static void AddRest(CaseTable table)
    {
        table.Add("pad", i => F.pad(i["x"], [1, 2, 0, 1]));
        table.Add("pad_value", i => F.pad(i["x"], [1, 1], value: 9));
        table.Add("pad_reflect", i => F.pad(i["x"], [2, 1], PaddingModes.Reflect));
        table.Add("pad_replicate", i => F.pad(i["x"], [2, 1], PaddingModes.Replicate));
        table.Add("cosine_similarity", i => F.cosine_similarity(i["a"], i["b"], 1));
        table.Add("dropout_off", i => F.dropout(i["x"], 0.5, training: false));
        table.Add("dropout2d", i => F.dropout2d(i["x"], 0.5));
        table.Add("pad_sequence", i => nn.utils.rnn.pad_sequence([i["a"], i["b"]], batch_first: true, padding_value: -1));
        table.Add("pad_sequence_time_first", i => nn.utils.rnn.pad_sequence([i["a"], i["b"]]));
    }

    private static void AddAttention(CaseTable table)
    {
        table.Add("attention", i => F.scaled_dot_product_attention(i["q"], i["k"], i["v"]));
        table.Add("attention_causal", i => F.scaled_dot_product_attention(i["q"], i["k"], i["v"], is_casual: true));
        table.Add("attention_masked", i => F.scaled_dot_product_attention(i["q"], i["k"], i["v"], attn_mask: i["m"]));
        table.Add("attention_boolean_mask", i => F.scaled_dot_product_attention(i["q"], i["k"], i["v"], attn_mask: i["m"]));
        table.Add("attention_one_query", i => F.scaled_dot_product_attention(i["q"], i["k"], i["v"]));
    }

    private static void AddResizing(CaseTable table)
    {
        table.Add("interpolate_nearest", i => F.interpolate(i["x"], scale_factor: [2, 2]), i => F.upsample(i["x"], scale_factor: [2, 2]));
        table.Add("interpolate_nearest_size", i => F.interpolate(i["x"], size: [5, 4]));
        table.Add("interpolate_bilinear", i => F.interpolate(i["x"], size: [4, 5], mode: InterpolationMode.Bilinear, align_corners: false));
        table.Add("interpolate_bilinear_corners",
            i => F.interpolate(i["x"], scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: true),
            i => F.upsample(i["x"], scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: true));
        table.Add("interpolate_linear", i => F.interpolate(i["x"], size: [5], mode: InterpolationMode.Linear, align_corners: false));
        table.Add("pixel_shuffle", i => F.pixel_shuffle(i["x"], 2));
    }
}
