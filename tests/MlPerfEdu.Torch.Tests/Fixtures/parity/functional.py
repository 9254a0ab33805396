"""torch.nn.functional: activations, convolutions, pooling, normalisation, attention, padding and resizing."""

import torch

from .group import Group
from .inputs import bools, distinct, given, ints, randn, uniform

group = Group("functional")
op = group.op
CONV = (5e-6, 5e-5)

for name in ["relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "hardtanh", "hardswish", "hardsigmoid",
             "sigmoid", "tanh", "logsigmoid"]:
    op(name, f"F.{name}(x * 3)", x=randn(3, 5))
op("gelu_tanh", "F.gelu(x, approximate='tanh')", x=randn(3, 5))
op("leaky_relu_slope", "F.leaky_relu(x, 0.2)", x=randn(3, 5))
op("glu", "F.glu(x, 1)", x=randn(3, 4))
op("softmax", "F.softmax(x, -1)", x=randn(3, 5))
op("softmax_dim0_strided", "F.softmax(x, 0)", x=randn(3, 5).strided())
op("softmax_masked", "F.softmax(x.masked_fill(m, float('-inf')), -1)", x=randn(2, 6), m=bools(6))
op("softmax_in_double", "F.softmax(x, 1, dtype=torch.float64)", tol=(1e-7, 1e-6), x=randn(2, 3))
op("log_softmax", "F.log_softmax(x, 1)", x=randn(3, 5))
op("log_softmax_far_out", "F.log_softmax(x * 1000, 1)", tol=(1e-4, 1e-5), x=randn(2, 4))
op("normalize", "F.normalize(x, 2.0, 1)", x=randn(3, 4))
op("linear", "F.linear(x, w, b)", tol=CONV, x=randn(2, 3, 4), w=randn(5, 4), b=randn(5))
op("linear_without_bias", "F.linear(x, w)", tol=CONV, x=randn(3, 4), w=randn(5, 4))
op("conv1d", "F.conv1d(x, w, b, stride=2, padding=1)", tol=CONV, x=randn(2, 2, 9), w=randn(3, 2, 3), b=randn(3))
op("conv2d", "F.conv2d(x, w, b)", tol=CONV, x=randn(1, 2, 5, 6), w=randn(3, 2, 3, 3), b=randn(3))
op("conv2d_rectangular", "F.conv2d(x, w, b, stride=(2, 1), padding=(1, 2))", tol=CONV, x=randn(1, 1, 6, 5), w=randn(2, 1, 3, 4), b=randn(2))
op("conv2d_depthwise", "F.conv2d(x, w, padding=1, groups=4)", tol=CONV, x=randn(1, 4, 4, 4), w=randn(4, 1, 3, 3))
op("conv2d_dilated", "F.conv2d(x, w, dilation=2)", tol=CONV, x=randn(1, 1, 6, 6), w=randn(2, 1, 2, 2))
op("conv_transpose2d", "F.conv_transpose2d(x, w, b, stride=2, padding=1)", tol=CONV, x=randn(1, 2, 3, 3), w=randn(2, 2, 4, 4), b=randn(2))
op("max_pool1d", "F.max_pool1d(x, 3, 2)", x=distinct(1, 2, 9))
op("max_pool2d", "F.max_pool2d(x, 2)", x=distinct(1, 2, 4, 6))
op("max_pool2d_padded", "F.max_pool2d(x, 3, 2, 1)", x=distinct(1, 1, 5, 5))
op("avg_pool1d", "F.avg_pool1d(x, 3, 2)", x=randn(1, 2, 9))
op("avg_pool2d", "F.avg_pool2d(x, 2)", x=randn(1, 2, 4, 6))
op("adaptive_avg_pool2d", "F.adaptive_avg_pool2d(x, (1, 1))", x=randn(2, 3, 4, 5))
op("adaptive_avg_pool2d_uneven", "F.adaptive_avg_pool2d(x, (2, 3))", x=randn(1, 1, 5, 5))
op("adaptive_avg_pool1d", "F.adaptive_avg_pool1d(x, 2)", x=randn(1, 2, 5))
op("layer_norm", "F.layer_norm(x, (4,), w, b)", tol=CONV, x=randn(3, 4), w=randn(4), b=randn(4))
op("layer_norm_plain", "F.layer_norm(x, (2, 3))", tol=CONV, x=randn(2, 2, 3))
op("group_norm", "F.group_norm(x, 2, w, b)", tol=CONV, x=randn(2, 4, 3), w=randn(4), b=randn(4))
op("instance_norm", "F.instance_norm(x)", tol=CONV, x=randn(2, 2, 5))
op("batch_norm_train", "F.batch_norm(x, m, v, w, b, training=True)", tol=CONV,
   x=randn(4, 3), m=randn(3).const(), v=uniform(0.5, 2, 3).const(), w=randn(3), b=randn(3))
op("batch_norm_eval", "F.batch_norm(x, m, v, w, b)", tol=CONV,
   x=randn(4, 3), m=randn(3).const(), v=uniform(0.5, 2, 3).const(), w=randn(3), b=randn(3))
op("pad", "F.pad(x, (1, 2, 0, 1))", x=randn(2, 3))
op("pad_value", "F.pad(x, (1, 1), value=9)", x=randn(2, 3))
op("pad_reflect", "F.pad(x, (2, 1), mode='reflect')", x=randn(1, 2, 5))
op("pad_replicate", "F.pad(x, (2, 1), mode='replicate')", x=randn(1, 2, 5))
op("interpolate_nearest", "F.interpolate(x, scale_factor=2)", x=randn(1, 2, 2, 3))
op("interpolate_bilinear", "F.interpolate(x, size=(4, 5), mode='bilinear', align_corners=False)", x=randn(1, 1, 3, 3))
op("cosine_similarity", "F.cosine_similarity(a, b, 1)", a=randn(3, 4), b=randn(3, 4))
op("attention", "F._scaled_dot_product_attention(q, k, v)[0]", tol=CONV, q=randn(1, 2, 3, 4), k=randn(1, 2, 5, 4), v=randn(1, 2, 5, 4))
op("attention_causal", "F._scaled_dot_product_attention(q, k, v, is_causal=True)[0]", tol=CONV,
   q=randn(1, 2, 4, 4), k=randn(1, 2, 4, 4), v=randn(1, 2, 4, 4))
op("attention_masked", "F._scaled_dot_product_attention(q, k, v, attn_mask=m)[0]", tol=CONV,
   q=randn(1, 3, 4), k=randn(1, 3, 4), v=randn(1, 3, 4), m=randn(3, 3).const())
op("dropout_off", "F.dropout(x, 0.5, training=False)", x=randn(3, 4))
op("conv1d_same", "F.conv1d(x, w, b, padding='same')", tol=CONV, x=randn(1, 2, 7), w=randn(3, 2, 3), b=randn(3))
op("conv2d_same", "F.conv2d(x, w, padding='same')", tol=CONV, x=randn(1, 1, 5, 6), w=randn(2, 1, 3, 3))
op("conv_transpose1d", "F.conv_transpose1d(x, w, b, stride=2, padding=1)", tol=CONV, x=randn(1, 2, 4), w=randn(2, 3, 3), b=randn(3))
op("max_pool2d_with_indices", "F.max_pool2d(x, 2, return_indices=True)", x=distinct(1, 2, 4, 4))
op("mish", "F.mish(x * 3)", x=randn(3, 5))
op("prelu", "F.prelu(x, w)", x=randn(3, 5), w=randn(5))
op("dropout2d", "F.dropout2d(x, 0.5)", exact=True, x=randn(2, 6, 2, 2))
op("interpolate_nearest_size", "F.interpolate(x, size=(5, 4))", x=randn(1, 2, 2, 3))
op("interpolate_bilinear_corners", "F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=True)", x=randn(1, 2, 3, 2))
op("interpolate_linear", "F.interpolate(x, size=5, mode='linear', align_corners=False)", x=randn(1, 2, 3))
op("pixel_shuffle", "F.pixel_shuffle(x, 2)", x=randn(1, 8, 2, 3))
op("unfold", "F.unfold(x, 3, padding=1, stride=2)", x=randn(1, 2, 5, 4))
op("unfold_rectangular", "F.unfold(x, (2, 3), dilation=(2, 1))", x=randn(1, 1, 5, 6))
op("conv_transpose2d_grouped", "F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1, groups=2)", tol=CONV,
   x=randn(1, 4, 3, 3), w=randn(4, 1, 3, 3))
op("max_pool2d_ceil", "F.max_pool2d(x, 3, 2, 1, ceil_mode=True)", x=distinct(1, 2, 6, 6))
op("avg_pool2d_without_padding", "F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)", x=randn(1, 1, 5, 5))
op("layer_norm_bfloat16", "F.layer_norm(x, (8,))", tol=(3e-2, 3e-2), x=randn(3, 8, dtype=torch.bfloat16))
op("softmax_bfloat16", "F.softmax(x, -1)", tol=(1e-2, 1e-2), x=randn(3, 5, dtype=torch.bfloat16))
op("attention_one_query", "F._scaled_dot_product_attention(q, k, v)[0]", tol=CONV, q=randn(1, 2, 1, 4), k=randn(1, 2, 6, 4), v=randn(1, 2, 6, 4))
op("attention_boolean_mask", "F._scaled_dot_product_attention(q, k, v, attn_mask=m)[0]", tol=CONV,
   q=randn(1, 3, 4), k=randn(1, 3, 4), v=randn(1, 3, 4), m=given([[1, 0, 0], [1, 1, 0], [1, 1, 1]], torch.bool))
op("pad_sequence", "torch.nn.utils.rnn.pad_sequence([a, b], batch_first=True, padding_value=-1)", a=randn(3, 2), b=randn(1, 2))
op("pad_sequence_time_first", "torch.nn.utils.rnn.pad_sequence([a, b])", a=randn(1, 2), b=randn(3, 2))
