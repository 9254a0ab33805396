"""Over all elements or over some dimensions; ties, NaN and nothing at all."""

import math

import torch

from .group import Group
from .inputs import bools, distinct, given, ints, randn, uniform

group = Group("reductions")
op = group.op

for name in ["sum", "mean", "prod", "std", "var"]:
    op(name, f"torch.{name}(x)", x=randn(3, 4))
for name in ["sum", "mean"]:
    op(name + "_dim", f"torch.{name}(x, 1)", x=randn(2, 3, 4))
    op(name + "_dims_keepdim", f"torch.{name}(x, (0, -1), keepdim=True)", x=randn(2, 3, 4))
op("prod_dim", "torch.prod(x, 1)", x=randn(2, 3))
for name in ["std", "var"]:
    op(name + "_dim", f"torch.{name}(x, 1)", x=randn(3, 5))
    op(name + "_population", f"torch.{name}(x, 1, unbiased=False, keepdim=True)", x=randn(3, 5))
op("sum_as_double", "torch.sum(x, dtype=torch.float64)", x=randn(3, 4))
op("sum_of_int32_is_int64", "torch.sum(x)", x=ints(-9, 9, 3, 4, dtype=torch.int32))
op("sum_of_bool", "torch.sum(x, 0)", x=bools(5, 3))
op("sum_empty", "torch.sum(x)", x=randn(0, 3))
op("sum_dim_empty", "torch.sum(x, 0)", x=randn(0, 3))
op("mean_empty_is_nan", "torch.mean(x)", x=randn(0))
op("sum_transposed", "torch.sum(x, 0)", x=randn(6, 5).transposed())
op("sum_with_nan", "torch.sum(x)", x=given([1.0, math.nan, 2.0]).const())
op("max", "torch.max(x)", x=distinct(3, 4))
op("min", "torch.min(x)", x=distinct(3, 4))
op("max_with_nan", "torch.max(x)", x=given([1.0, math.nan, 2.0]).const())
op("max_dim", "torch.max(x, 1)", x=distinct(3, 4))
op("min_dim_keepdim", "torch.min(x, 0, keepdim=True)", x=distinct(3, 4))
op("amax", "torch.amax(x, (0, 2))", x=distinct(2, 3, 4))
op("amin", "torch.amin(x, (1,), keepdim=True)", x=distinct(2, 3, 4))
op("argmax", "torch.argmax(x)", x=distinct(3, 4))
op("argmax_dim", "torch.argmax(x, 1)", x=distinct(3, 4))
op("argmin", "torch.argmin(x)", x=distinct(3, 4))
op("argmin_dim_keepdim", "torch.argmin(x, 0, keepdim=True)", x=distinct(3, 4))
op("all", "torch.all(x)", x=bools(5))
op("all_dim", "torch.all(x, 1)", x=bools(4, 2))
op("any", "torch.any(x)", x=bools(5))
op("any_dim", "torch.any(x, 1)", x=bools(4, 2))
op("norm", "torch.norm(x)", x=randn(3, 4))
op("norm_1", "torch.norm(x, 1)", x=randn(3, 4))
op("norm_dim", "torch.norm(x, 2, 1)", x=randn(3, 4))
op("logsumexp", "torch.logsumexp(x, 1)", x=randn(3, 4))
op("logsumexp_far_out", "torch.logsumexp(x, 0)", x=given([1000.0, 1000.0, -1000.0]))
op("cumsum", "torch.cumsum(x, 1)", x=randn(3, 4))
op("cumprod", "torch.cumprod(x, 0)", x=uniform(0.5, 2, 3, 4))
op("median", "torch.median(x)", x=distinct(9))
op("quantile", "torch.quantile(x, 0.3)", x=distinct(9))
op("count_nonzero", "torch.count_nonzero(x)", x=ints(-1, 2, 4, 4))
op("bincount", "torch.bincount(x, minlength=7)", x=ints(0, 5, 20))
op("histc", "torch.histc(x, 5, -2, 2)", x=randn(30).const())
op("var_mean", "torch.var_mean(x, 1)", x=randn(3, 5))
op("std_mean", "torch.std_mean(x, 1)", x=randn(3, 5))
op("equal", "torch.equal(a, a.clone())", a=randn(3))
op("not_equal_values", "torch.equal(a, b)", a=randn(3), b=randn(3))
op("allclose", "torch.allclose(a, a + 1e-9)", a=randn(3))
op("not_allclose", "torch.allclose(a, a + 1e-3)", a=randn(3))
op("item", "a.sum().item()", a=randn(3, dtype=torch.float64).const())
