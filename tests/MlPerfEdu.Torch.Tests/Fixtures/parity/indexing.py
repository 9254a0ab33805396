"""Reading and writing parts of a tensor, gathering and scattering, sorting and searching."""

import torch

from .group import Group
from .inputs import bools, distinct, given, ints, randn

group = Group("indexing")


def op(name, call, **inputs):
    group.op(name, call, exact=True, **inputs)


op("one", "x[1]", x=randn(3, 4))
op("one_negative", "x[-1, -2]", x=randn(3, 4))
op("slice", "x[1:3]", x=randn(4, 2))
op("slice_step", "x[:, ::2]", x=randn(2, 5))
op("slice_from_end", "x[:, -2:]", x=randn(2, 5))
op("ellipsis", "x[..., 1]", x=randn(2, 3, 4))
op("new_axis", "x[:, None]", x=randn(2, 3))
op("by_tensor", "x[i]", x=randn(5, 2), i=ints(0, 5, 7))
op("by_tensor_and_slice", "x[:, i]", x=randn(2, 5), i=ints(0, 5, 3))
op("by_two_tensors", "x[i, j]", x=randn(3, 4), i=ints(0, 3, 5), j=ints(0, 4, 5))
op("by_mask", "x[m]", x=randn(3, 4), m=bools(3, 4))
op("set_one", "torch.index_fill(x, 0, torch.tensor([1]), 9.0)", x=randn(3, 2))
op("set_slice", "x.index_copy(0, torch.tensor([1, 2]), y)", x=randn(4, 2), y=randn(2, 2))
op("set_mask", "x.masked_fill(m, -1.0)", x=randn(3, 2), m=bools(3, 2))
op("index_select", "torch.index_select(x, 1, i)", x=randn(2, 5), i=ints(0, 5, 4))
op("index_add", "x.index_add(0, i, y)", x=randn(3, 2), i=ints(0, 3, 5), y=randn(5, 2))
op("index_fill", "x.index_fill(1, i, 2.5)", x=randn(2, 5), i=ints(0, 5, 2))
op("index_copy", "x.index_copy(0, i, y)", x=randn(4, 2), i=given([2, 0], torch.int64), y=randn(2, 2))
op("index_put", "x.index_put((i,), y)", x=randn(4, 2), i=given([2, 0], torch.int64), y=randn(2, 2))
op("index_put_accumulate", "x.index_put((i,), y, accumulate=True)", x=randn(4), i=given([2, 0, 2], torch.int64), y=randn(3))
op("gather", "torch.gather(x, 1, i)", x=randn(3, 4), i=ints(0, 4, 3, 2))
op("scatter", "x.scatter(1, i, y)", x=randn(3, 4), i=given([[0, 2], [1, 3], [3, 0]], torch.int64), y=randn(3, 2))
op("scatter_add", "x.scatter_add(1, i, y)", x=randn(3, 4), i=ints(0, 4, 3, 5), y=randn(3, 5))
op("take", "torch.take(x, i)", x=randn(3, 4), i=ints(0, 12, 5))
op("take_along_dim", "torch.take_along_dim(x, i, 1)", x=randn(3, 4), i=ints(0, 4, 3, 2))
op("masked_select", "torch.masked_select(x, m)", x=randn(3, 4), m=bools(3, 4))
op("nonzero", "torch.nonzero(x)", x=ints(0, 2, 3, 4))
op("topk", "torch.topk(x, 2, 1)", x=distinct(3, 5))
op("topk_smallest", "torch.topk(x, 2, 0, largest=False)", x=distinct(5, 2))
op("sort", "torch.sort(x, 1)", x=distinct(3, 5))
op("sort_descending", "torch.sort(x, 0, descending=True)", x=distinct(3, 5))
op("argsort", "torch.argsort(x, 1)", x=distinct(3, 5))
op("argsort_descending", "torch.argsort(x, 0, descending=True)", x=distinct(5))
op("unique", "torch.unique(x)", x=ints(0, 5, 12))
op("one_hot", "F.one_hot(x, 6)", x=ints(0, 5, 7))
op("kthvalue", "torch.kthvalue(x, 2, 1)", x=distinct(3, 5))
op("isin", "torch.isin(x, y)", x=ints(0, 5, 6), y=ints(0, 5, 2))
