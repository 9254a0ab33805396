"""Tensors from nothing."""

import torch

from .group import Group
from .inputs import randn

group = Group("factories")


def op(name, call, tol=None, **inputs):
    group.op(name, call, tol=tol, exact=tol is None, **inputs)


op("zeros", "torch.zeros(2, 3)")
op("zeros_int64", "torch.zeros(2, dtype=torch.int64)")
op("ones", "torch.ones(2, 1, 2)")
op("ones_bool", "torch.ones(3, dtype=torch.bool)")
op("full", "torch.full((2, 2), 1.5)")
op("eye", "torch.eye(3)")
op("eye_rectangular", "torch.eye(2, 3)")
op("arange", "torch.arange(5)")
op("arange_from", "torch.arange(2, 7)")
op("arange_step", "torch.arange(1.0, 2.0, 0.25)")
op("arange_float32", "torch.arange(0, 4, dtype=torch.float32)")
op("linspace", "torch.linspace(-1, 1, 7)", tol=(1e-7, 1e-6))
op("logspace", "torch.logspace(0, 2, 5)", tol=(1e-6, 1e-6))
op("zeros_like", "torch.zeros_like(x)", x=randn(2, 3))
op("ones_like", "torch.ones_like(x)", x=randn(2, 3))
op("full_like", "torch.full_like(x, 7)", x=randn(2, 3))
op("new_zeros", "x.new_zeros(2, 2)", x=randn(1, dtype=torch.float64))
op("new_ones", "x.new_ones(2)", x=randn(1, dtype=torch.float64))
op("new_full", "x.new_full((2,), 3.5)", x=randn(1))
op("empty_shape", "tuple(torch.empty(2, 0, 3).shape)")
op("empty_like_shape", "tuple(torch.empty_like(x).shape)", x=randn(2, 3))
op("tensor_float", "torch.tensor([1.5, -2.0])")
op("tensor_int64", "torch.tensor([1, -2])")
op("tensor_bool", "torch.tensor([True, False])")
op("tensor_scalar", "torch.tensor(2.5)")
op("tensor_reshaped", "torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])")
op("tensor_as_double", "torch.tensor([1.0, 2.0], dtype=torch.float64)")
op("hann_window", "torch.hann_window(8)", tol=(1e-6, 1e-6))
op("hann_window_symmetric", "torch.hann_window(9, periodic=False)", tol=(1e-6, 1e-6))
op("hamming_window", "torch.hamming_window(8)", tol=(1e-6, 1e-6))
op("blackman_window", "torch.blackman_window(8)", tol=(1e-6, 1e-6))
op("bartlett_window", "torch.bartlett_window(8)", tol=(1e-6, 1e-6))
op("new_empty_shape", "tuple(x.new_empty((2, 3)).shape)", x=randn(1))
op("empty_strided", "torch.empty_strided((2, 3), (1, 2)).stride()")
op("as_tensor", "torch.as_tensor([1.5, 2.5])")
op("frombuffer", "torch.tensor([1, 2, 3], dtype=torch.int32)")
