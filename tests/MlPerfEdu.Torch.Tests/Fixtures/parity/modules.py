"""Modules: initial state, names, forward and backward, buffers afterwards, training against evaluation."""

from .group import Group
from .inputs import distinct, given, ints, randn

import torch

group = Group("modules")
module = group.module
CLOSE = (5e-6, 5e-5)

module("linear", "nn.Linear(4, 3)", tol=CLOSE, x=randn(2, 4))
module("linear_without_bias", "nn.Linear(4, 3, bias=False)", tol=CLOSE, x=randn(2, 4))
module("conv1d", "nn.Conv1d(2, 3, 3, stride=2, padding=1)", tol=CLOSE, x=randn(1, 2, 7))
module("conv2d", "nn.Conv2d(2, 3, 3)", tol=CLOSE, x=randn(1, 2, 5, 5))
module("conv2d_rectangular", "nn.Conv2d(1, 2, (4, 3), stride=(2, 2), padding=(2, 1), bias=False)", tol=CLOSE, x=randn(1, 1, 6, 5))
module("conv2d_depthwise", "nn.Conv2d(4, 4, 3, padding=1, groups=4)", tol=CLOSE, x=randn(1, 4, 4, 4))
module("conv2d_dilated", "nn.Conv2d(1, 2, 2, dilation=2)", tol=CLOSE, x=randn(1, 1, 5, 5))
module("conv_transpose2d", "nn.ConvTranspose2d(2, 2, 4, stride=2, padding=1)", tol=CLOSE, x=randn(1, 2, 3, 3))
for name, build, shape in [("batch_norm1d", "nn.BatchNorm1d(3)", (5, 3)), ("batch_norm2d", "nn.BatchNorm2d(2)", (3, 2, 2, 3)),
                           ("batch_norm_momentum", "nn.BatchNorm1d(3, eps=1e-3, momentum=0.3)", (5, 3)),
                           ("batch_norm_plain", "nn.BatchNorm2d(2, affine=False)", (3, 2, 2, 2)),
                           ("batch_norm_without_statistics", "nn.BatchNorm1d(3, track_running_stats=False)", (5, 3))]:
    module(f"{name}_train", build, tol=CLOSE, x=randn(*shape))
    module(f"{name}_eval", build, train=False, tol=CLOSE, x=randn(*shape))
module("batch_norm_two_steps", "nn.BatchNorm1d(3)", call="(m(x), m(y))", tol=CLOSE, x=randn(4, 3), y=randn(6, 3))
module("layer_norm", "nn.LayerNorm(4)", tol=CLOSE, x=randn(3, 4))
module("layer_norm_of_two", "nn.LayerNorm([2, 3], elementwise_affine=False)", tol=CLOSE, x=randn(2, 2, 3))
module("group_norm", "nn.GroupNorm(2, 4)", tol=CLOSE, x=randn(2, 4, 3))
module("embedding", "nn.Embedding(5, 3)", call="m(i)", i=ints(0, 5, 2, 4))
module("embedding_padded", "nn.Embedding(5, 3, padding_idx=0)", call="m(i)", i=given([[0, 1], [2, 0]], torch.int64))
for name in ["sum", "mean"]:
    module(f"embedding_bag_{name}", f"nn.EmbeddingBag(6, 3, mode='{name}')", call="m(i, o)",
           i=given([0, 2, 5, 1, 1], torch.int64), o=given([0, 2], torch.int64))
module("lstm", "nn.LSTM(3, 4)", call="m(x)", tol=CLOSE, x=randn(5, 2, 3))
module("lstm_two_layers_batch_first", "nn.LSTM(3, 4, 2, batch_first=True)", tol=CLOSE, x=randn(2, 4, 3))
module("lstm_from_state", "nn.LSTM(3, 4)", call="m(x, (h, c))", tol=CLOSE, x=randn(3, 2, 3), h=randn(1, 2, 4), c=randn(1, 2, 4))
module("gru", "nn.GRU(3, 4, batch_first=True)", tol=CLOSE, x=randn(2, 4, 3))
module("dropout_train", "nn.Dropout(0.4)", exact=True, x=randn(4, 8))
module("dropout_eval", "nn.Dropout(0.4)", train=False, x=randn(4, 8))
for name, build in [("relu", "ReLU()"), ("relu6", "ReLU6()"), ("leaky_relu", "LeakyReLU(0.1)"), ("gelu", "GELU()"), ("silu", "SiLU()"), ("tanh", "Tanh()"),
                    ("sigmoid", "Sigmoid()"), ("elu", "ELU()"), ("softplus", "Softplus()"), ("hardswish", "Hardswish()"),
                    ("softmax", "Softmax(1)"), ("log_softmax", "LogSoftmax(1)"), ("identity", "Identity()"), ("flatten", "Flatten()")]:
    module(name, f"nn.{build}", x=randn(3, 5))
module("max_pool2d", "nn.MaxPool2d(2)", exact=True, x=distinct(1, 2, 4, 4))
module("avg_pool2d", "nn.AvgPool2d(2)", x=randn(1, 2, 4, 4))
module("adaptive_avg_pool2d", "nn.AdaptiveAvgPool2d(1)", x=randn(2, 3, 4, 4))
module("sequential", "nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))", tol=CLOSE, x=randn(3, 4))
module("residual", "nets.Residual()", tol=CLOSE, x=randn(3, 4))
module("separable_train", "nets.Separable()", tol=CLOSE, x=randn(2, 2, 4, 4))
module("separable_eval", "nets.Separable()", train=False, tol=CLOSE, x=randn(2, 2, 4, 4))
module("conv2d_same", "nn.Conv2d(1, 2, 3, padding='same')", tol=CLOSE, x=randn(1, 1, 4, 4))
module("conv_transpose1d", "nn.ConvTranspose1d(2, 3, 3, stride=2)", tol=CLOSE, x=randn(1, 2, 4))
module("hardsigmoid", "nn.Hardsigmoid()", x=randn(3, 5))
module("max_pool1d", "nn.MaxPool1d(2)", exact=True, x=distinct(1, 2, 6))
module("avg_pool1d", "nn.AvgPool1d(2)", x=randn(1, 2, 6))
module("adaptive_avg_pool1d", "nn.AdaptiveAvgPool1d(2)", x=randn(1, 2, 6))
module("embedding_bag_from_pretrained", "nn.EmbeddingBag.from_pretrained(torch.eye(4), mode='mean')", call="m(i)", i=ints(0, 4, 2, 3))
module("embedding_from_pretrained", "nn.Embedding.from_pretrained(torch.eye(4))", call="m(i)", i=ints(0, 4, 5))
module("upsample", "nn.Upsample(scale_factor=2)", x=randn(1, 2, 2, 3))
module("upsample_bilinear", "nn.Upsample(size=(4, 5), mode='bilinear', align_corners=True)", x=randn(1, 1, 2, 3))
module("mish", "nn.Mish()", x=randn(3, 5))
module("glu", "nn.GLU()", x=randn(3, 4))
module("gelu_tanh", "nn.GELU('tanh')", x=randn(3, 5))
module("dropout2d_train", "nn.Dropout2d(0.5)", exact=True, x=randn(2, 6, 2, 2))
module("dropout2d_eval", "nn.Dropout2d(0.5)", train=False, x=randn(1, 2, 2, 2))
module("embedding_sparse", "nn.Embedding(5, 3, sparse=True)", call="m(i)", i=ints(0, 5, 6))
module("embedding_bag_max", "nn.EmbeddingBag(6, 3, mode='max')", call="m(i, o)",
       i=given([0, 2, 5, 1, 1], torch.int64), o=given([0, 2], torch.int64))
module("embedding_bag_last_offset", "nn.EmbeddingBag(6, 3, mode='sum', include_last_offset=True)", call="m(i, o)",
       i=given([0, 2, 5, 1, 1], torch.int64), o=given([0, 2, 2, 5], torch.int64))
module("embedding_bag_weighted", "nn.EmbeddingBag(6, 3, mode='sum')", call="m(i, o, w)",
       i=given([0, 2, 5, 1, 1], torch.int64), o=given([0, 2], torch.int64), w=randn(5))
module("embedding_bag_sparse", "nn.EmbeddingBag(6, 3, mode='sum', sparse=True)", call="m(i, o)",
       i=given([0, 2, 5, 1, 1], torch.int64), o=given([0, 2], torch.int64))
module("lstm_dropout", "nn.LSTM(3, 4, 3, dropout=0.4)", tol=CLOSE, x=randn(4, 2, 3))
module("lstm_bidirectional", "nn.LSTM(3, 4, bidirectional=True)", tol=CLOSE, x=randn(4, 2, 3))
module("lstm_state_returns", "nn.LSTM(3, 4, 2, batch_first=True)", call="m(x, (h, c))", train=False, tol=CLOSE,
       x=randn(2, 1, 3), h=randn(2, 2, 4), c=randn(2, 2, 4))
module("gru_from_state", "nn.GRU(3, 4, 2)", call="m(x, h)", tol=CLOSE, x=randn(3, 2, 3), h=randn(2, 2, 4))
module("unet", "nets.Unet()", tol=CLOSE, x=randn(1, 1, 4, 4))
module("inverted_residual", "nets.InvertedResidual()", tol=CLOSE, x=randn(2, 2, 4, 4))
module("llama_block", "nets.LlamaBlock()", tol=CLOSE, x=randn(1, 3, 4))
