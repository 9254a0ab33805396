"""Calls that libtorch refuses, and its first line of explanation."""

import torch

from .group import Group
from .inputs import ints, randn

group = Group("errors")
error = group.error

error("add_shapes", "a + b", a=randn(2, 3), b=randn(4))
error("matmul_shapes", "a @ b", a=randn(2, 3), b=randn(4, 2))
error("mm_is_for_matrices", "torch.mm(a, b)", a=randn(2), b=randn(2, 2))
error("bmm_batches", "torch.bmm(a, b)", a=randn(2, 2, 3), b=randn(3, 3, 2))
error("view_size", "a.view(4, 2)", a=randn(2, 3))
error("view_of_transposed", "a.view(6)", a=randn(2, 3).transposed())
error("cat_shapes", "torch.cat((a, b))", a=randn(2, 3), b=randn(2, 2))
error("stack_shapes", "torch.stack((a, b))", a=randn(2), b=randn(3))
error("dimension", "torch.sum(a, 5)", a=randn(2, 3))
error("conv2d_channels", "F.conv2d(a, w)", a=randn(1, 3, 4, 4), w=randn(2, 2, 3, 3))
error("index_outside", "torch.index_select(a, 0, i)", a=randn(2, 3), i=ints(5, 6, 1))
error("gather_type", "torch.gather(a, 0, i)", a=randn(2, 3), i=ints(0, 2, 2, 3, dtype=torch.int32))
error("cross_entropy_batch", "F.cross_entropy(a, y)", a=randn(3, 4), y=ints(0, 4, 2))
error("cross_entropy_class", "F.cross_entropy(a, y)", a=randn(2, 3), y=ints(7, 8, 2))
error("embedding_index", "nn.Embedding(3, 2)(i)", i=ints(9, 10, 2))
error("backward_of_many", "a.exp().backward()", a=randn(3))
error("backward_without_graph", "a.sum().backward()", a=randn(3).const())
error("in_place_on_leaf", "a.add_(1)", a=randn(3))
error("expand_grows", "a.expand(4, 5)", a=randn(2, 3))
error("result_type", "b.add_(a)", a=randn(3), b=ints(0, 2, 3))
error("layer_norm_shape", "F.layer_norm(a, (4,))", a=randn(2, 3))
