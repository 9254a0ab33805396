"""In-place calls that have no derivative, or whose derivative PyTorch 1.13 lacks."""

import torch

from .group import Group
from .inputs import bools, given, ints, randn, uniform

group = Group("inplace")


def op(name, call, **inputs):
    group.op(name, f"a.clone().{call}", **{k: v.const() for k, v in inputs.items()})


for name in ["asinh_", "atanh_", "exp2_", "deg2rad_", "rad2deg_"]:
    op(name, f"{name}()", a=uniform(-0.75, 0.75, 6))
op("acosh_", "acosh_()", a=uniform(1.25, 4, 6))
op("logit_", "logit_()", a=uniform(0.1, 0.9, 6))
for name in ["atan2_", "copysign_", "nextafter_", "float_power_", "heaviside_", "subtract_", "divide_", "true_divide_", "multiply_"]:
    dtype = torch.float64 if name == "float_power_" else torch.float32
    op(name, f"{name}(b)", a=uniform(0.5, 2, 6, dtype=dtype), b=uniform(0.5, 2, 6, dtype=dtype))
op("negative_", "negative_()", a=randn(6))
for name in ["eq_", "ne_", "lt_", "le_", "gt_", "ge_"]:
    op(name, f"{name}(b)", a=ints(0, 3, 8), b=ints(0, 3, 8))
op("bitwise_left_shift_", "bitwise_left_shift_(b)", a=ints(0, 99, 6), b=ints(0, 4, 6))
op("bitwise_right_shift_", "bitwise_right_shift_(b)", a=ints(0, 999, 6), b=ints(0, 4, 6))
op("clamp_min_", "clamp_min_(0.25)", a=randn(6))
op("clamp_max_", "clamp_max_(0.25)", a=randn(6))
op("addmm_", "addmm_(b, c, beta=0.5, alpha=2)", a=randn(3, 2), b=randn(3, 4), c=randn(4, 2))
op("addmv_", "addmv_(b, c)", a=randn(3), b=randn(3, 4), c=randn(4))
op("masked_scatter_", "masked_scatter_(m, b)", a=randn(4), m=given([True, False, True, False], torch.bool), b=randn(4))
op("squeeze_", "squeeze_(0)", a=randn(1, 3, 1))
op("unsqueeze_", "unsqueeze_(1)", a=randn(2, 3))
op("transpose_", "transpose_(0, 1)", a=randn(2, 3))
op("tril_", "tril_(-1)", a=randn(3, 3))
op("triu_", "triu_(1)", a=randn(3, 3))
op("detach_", "detach_()", a=randn(3))
op("set_", "set_(b)", a=randn(3), b=randn(2, 2))
