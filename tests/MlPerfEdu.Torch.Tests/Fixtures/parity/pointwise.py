"""Element by element: arithmetic, functions, comparisons, dtype promotion, broadcasting, special values."""

import math

import torch

from .group import Group
from .inputs import bools, given, ints, randn, uniform

group = Group("pointwise")
op = group.op
SPECIAL = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1.5, -2.5]

for name in ["abs", "neg", "exp", "exp2", "sin", "cos", "tanh", "sigmoid", "square", "sign", "sgn", "floor", "ceil", "round", "trunc", "fix", "relu",
             "erf", "erfc", "atan", "sinh", "cosh", "asinh", "expm1", "frac", "sinc", "deg2rad", "rad2deg", "positive", "signbit", "isreal", "angle"]:
    op(name, f"torch.{name}(x)", x=randn(3, 5))
for name in ["log", "log2", "log10", "log1p", "sqrt", "rsqrt", "reciprocal", "lgamma", "digamma"]:
    op(name, f"torch.{name}(x)", x=uniform(0.25, 4, 3, 5))
for name in ["asin", "acos", "tan", "atanh", "erfinv"]:
    op(name, f"torch.{name}(x)", x=uniform(-0.75, 0.75, 8))
op("acosh", "torch.acosh(x)", x=uniform(1.25, 4, 8))
op("logit", "torch.logit(x)", x=uniform(0.1, 0.9, 8))
op("logit_eps", "torch.logit(x, 0.2)", x=uniform(0.1, 0.9, 8))

op("add", "a + b", a=randn(2, 3), b=randn(2, 3))
op("add_broadcast", "a + b", a=randn(4, 1, 3), b=randn(2, 1))
op("add_scalar", "a + 1.5", a=randn(2, 3))
op("add_alpha", "torch.add(a, b, alpha=0.5)", a=randn(2, 3), b=randn(2, 3))
op("sub", "a - b", a=randn(2, 3), b=randn(3))
op("sub_scalar", "a - 2", a=randn(2, 3))
op("scalar_sub", "2 - a", a=randn(2, 3))
op("mul", "a * b", a=randn(2, 3), b=randn(2, 1))
op("mul_scalar", "a * -0.25", a=randn(2, 3))
op("div", "a / b", a=randn(2, 3), b=uniform(0.5, 2, 2, 3))
op("div_scalar", "a / 3", a=randn(2, 3))
op("scalar_div", "1 / a", a=uniform(0.5, 2, 2, 3))
op("div_floor", "torch.div(a, b, rounding_mode='floor')", a=randn(6), b=uniform(0.25, 1, 6))
op("floor_divide", "torch.floor_divide(a, b)", a=ints(-9, 9, 8), b=ints(1, 4, 8))
op("remainder", "torch.remainder(a, 3)", a=ints(-9, 9, 8))
op("fmod", "torch.fmod(a, 3)", a=ints(-9, 9, 8))
op("neg_operator", "-a", a=randn(2, 3))
op("pow_scalar", "torch.pow(a, 3)", a=randn(2, 3))
op("pow_tensor", "torch.pow(a, b)", a=uniform(0.5, 2, 2, 3), b=randn(3))
op("atan2", "torch.atan2(a, b)", a=randn(6), b=uniform(0.5, 2, 6))
op("maximum", "torch.maximum(a, b)", a=randn(2, 5), b=randn(5))
op("minimum", "torch.minimum(a, b)", a=randn(2, 5), b=randn(5))
op("clamp", "torch.clamp(a, -0.5, 0.75)", a=randn(4, 4))
op("clamp_min", "torch.clamp(a, min=0.25)", a=randn(4, 4))
op("clamp_max", "torch.clamp(a, max=0.25)", a=randn(4, 4))
op("lerp", "torch.lerp(a, b, 0.3)", a=randn(5), b=randn(5))
op("addcmul", "torch.addcmul(a, b, c, value=0.5)", a=randn(5), b=randn(5), c=randn(5))
op("addcdiv", "torch.addcdiv(a, b, c, value=0.5)", a=randn(5), b=randn(5), c=uniform(0.5, 2, 5))
op("where", "torch.where(c, a, b)", c=bools(3, 4), a=randn(3, 4), b=randn(4))
op("masked_fill", "a.masked_fill(m, -9)", a=randn(3, 4), m=bools(4))
op("nan_to_num", "torch.nan_to_num(a)", a=given(SPECIAL))

for name, sign in [("eq", "=="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")]:
    op(name, f"a {sign} b", a=ints(0, 3, 3, 4), b=ints(0, 3, 4))
    op(name + "_scalar", f"a {sign} 1", a=ints(0, 3, 3, 4))
op("logical_and", "torch.logical_and(a, b)", a=bools(8), b=bools(8))
op("logical_or", "torch.logical_or(a, b)", a=bools(8), b=bools(8))
op("logical_xor", "torch.logical_xor(a, b)", a=bools(8), b=bools(8))
op("logical_not", "torch.logical_not(a)", a=bools(8))
op("bitwise_and", "a & b", a=ints(0, 255, 6), b=ints(0, 255, 6))
op("bitwise_or", "a | b", a=ints(0, 255, 6), b=ints(0, 255, 6))
op("bitwise_xor", "a ^ b", a=ints(0, 255, 6), b=ints(0, 255, 6))
op("bitwise_not", "~a", a=ints(0, 255, 6))
op("isnan", "torch.isnan(a)", a=given(SPECIAL))
op("isinf", "torch.isinf(a)", a=given(SPECIAL))
op("isfinite", "torch.isfinite(a)", a=given(SPECIAL))

op("exp_of_special_values", "torch.exp(a)", a=given(SPECIAL).const())
op("maximum_keeps_nan", "torch.maximum(a, b)", a=given(SPECIAL).const(), b=given(SPECIAL[::-1]).const())
op("division_by_zero", "a / b", a=given([1.0, -1.0, 0.0]).const(), b=given([0.0, 0.0, 0.0]).const())
op("comparison_with_nan", "a == a", a=given(SPECIAL))
op("add_empty", "a + b", a=randn(0, 3), b=randn(3))
op("add_transposed", "a + b", a=randn(3, 4).transposed(), b=randn(3, 4))
op("mul_strided", "a * b", a=randn(3, 4).strided(), b=randn(4).strided())
op("exp_strided", "torch.exp(a)", a=randn(2, 9).strided())

op("int_plus_float", "a + b", a=ints(-4, 4, 5), b=randn(5))
op("int_plus_float_scalar", "a + 0.5", a=ints(-4, 4, 5))
op("int_divided", "a / b", a=ints(-4, 4, 5), b=ints(1, 4, 5))
op("uint8_plus_int32", "a + b", a=ints(0, 100, 5, dtype=torch.uint8), b=ints(-4, 4, 5, dtype=torch.int32))
op("uint8_wraps", "a + b", a=ints(200, 255, 5, dtype=torch.uint8), b=ints(100, 200, 5, dtype=torch.uint8))
op("bool_plus_int64", "a + b", a=bools(5), b=ints(-4, 4, 5))
op("float_plus_double", "a + b", a=randn(5), b=randn(5, dtype=torch.float64))
op("double_scalar_keeps_float", "a * 0.1", a=randn(5))
op("bfloat16_plus_float", "a + b", a=randn(5, dtype=torch.bfloat16), b=randn(5))
op("bfloat16_mul", "a * b", a=randn(5, dtype=torch.bfloat16), b=randn(5, dtype=torch.bfloat16))
op("int8_mul", "a * b", a=ints(-9, 9, 5, dtype=torch.int8), b=ints(-9, 9, 5, dtype=torch.int8))
op("int16_sub", "a - b", a=ints(-900, 900, 5, dtype=torch.int16), b=ints(-9, 9, 5, dtype=torch.int16))
op("double_exp", "torch.exp(a)", a=randn(7, dtype=torch.float64))
op("sum_of_products", "(a * b + c).tanh()", a=randn(2, 3), b=randn(3), c=randn(2, 1))

for name, call in [("add_", "add_(b)"), ("sub_", "sub_(b)"), ("mul_", "mul_(b)"), ("div_", "div_(b)"), ("add_scalar_", "add_(0.5)"),
                   ("sub_scalar_", "sub_(0.5)"), ("mul_scalar_", "mul_(0.5)"), ("div_scalar_", "div_(2)"), ("add_alpha_", "add_(b, alpha=-2)"),
                   ("addcmul_", "addcmul_(b, b, value=0.5)"), ("addcdiv_", "addcdiv_(b, b + 9, value=0.5)"), ("lerp_", "lerp_(b, 0.25)"),
                   ("copy_", "copy_(b)")]:
    op(name, f"a.clone().{call}", a=randn(2, 3), b=uniform(0.5, 2, 3))
for name, call in [("zero_", "zero_()"), ("fill_", "fill_(3)"), ("clamp_", "clamp_(-0.5, 0.5)"), ("masked_fill_", "masked_fill_(a.detach() > 0, 7)")]:
    op(name, f"a.clone().{call}", a=randn(2, 3))

op("copysign", "torch.copysign(a, b)", a=randn(6), b=randn(6).const())
op("fmax", "torch.fmax(a, b)", a=given(SPECIAL).const(), b=given(SPECIAL[::-1]).const())
op("fmin", "torch.fmin(a, b)", a=given(SPECIAL).const(), b=given(SPECIAL[::-1]).const())
op("float_power", "torch.float_power(a, b)", a=uniform(0.5, 2, 5), b=randn(5))
op("gcd", "torch.gcd(a, b)", a=ints(1, 99, 8), b=ints(1, 99, 8))
op("lcm", "torch.lcm(a, b)", a=ints(1, 30, 8), b=ints(1, 30, 8))
op("heaviside", "torch.heaviside(a, b)", a=given([-1.0, 0.0, 2.0]).const(), b=given([0.5]).const())
op("hypot", "torch.hypot(a, b)", a=randn(5), b=randn(5))
op("logaddexp", "torch.logaddexp(a, b)", a=randn(5), b=randn(5))
op("logaddexp2", "torch.logaddexp2(a, b)", a=randn(5), b=randn(5))
op("nextafter", "torch.nextafter(a, b)", exact=True, a=randn(5).const(), b=randn(5).const())
op("xlogy", "torch.xlogy(a, b)", a=randn(5), b=uniform(0.5, 2, 5))
op("bitwise_left_shift", "torch.bitwise_left_shift(a, b)", a=ints(0, 99, 6), b=ints(0, 4, 6))
op("bitwise_right_shift", "torch.bitwise_right_shift(a, b)", a=ints(0, 999, 6), b=ints(0, 4, 6))
op("true_divide_of_ints", "torch.true_divide(a, b)", a=ints(-9, 9, 6), b=ints(1, 4, 6))
op("floor_divide_float", "torch.floor_divide(a, b)", a=randn(6).const(), b=uniform(0.25, 1, 6).const())
op("remainder_tensor", "torch.remainder(a, b)", a=randn(6), b=uniform(0.25, 1, 6).const())
op("fmod_tensor", "torch.fmod(a, b)", a=randn(6), b=uniform(0.25, 1, 6).const())
op("isneginf", "torch.isneginf(a)", a=given(SPECIAL))
op("isposinf", "torch.isposinf(a)", a=given(SPECIAL))
op("isclose", "torch.isclose(a, b)", a=given([1.0, 1.0, math.nan]).const(), b=given([1.000001, 1.1, math.nan]).const())
op("prelu", "torch.prelu(a, b)", a=randn(6), b=given([0.25]))
