"""Gradients beyond one backward pass: accumulation, second derivatives, cut graphs, custom functions."""

import torch

from .group import Group
from .inputs import randn, uniform

group = Group("autograd")
op = group.op


def numbers(call):
    """The result of grad() is a value here, not something to differentiate again."""
    return f"[t.detach() for t in {call}]"


op("grad", numbers("torch.autograd.grad([(x * y).sum()], [x, y])"), x=randn(3), y=randn(3))
op("grad_with_weights", numbers("torch.autograd.grad([x.exp()], [x], [y])"), x=randn(3), y=randn(3).const())
op("second_derivative", numbers("torch.autograd.grad([torch.autograd.grad([x.pow(3).sum()], [x], create_graph=True)[0].sum()], [x])"), x=randn(4))
op("grad_of_grad", "torch.autograd.grad([x.pow(3).sum()], [x], create_graph=True)[0]", x=randn(4))
op("accumulates", "(x.sum().backward(), (x * x).sum().backward(), x.grad.clone())[2]", x=randn(3))
op("retain_graph", "(s := x.exp().sum(), s.backward(retain_graph=True), s.backward(), x.grad.clone())[3]", x=randn(3))
op("detach_cuts", "x * x.detach()", x=randn(3))
op("shared_input", "x * x + x.sin() * x", x=randn(3))
op("broadcast_reduces", "(x * y).tanh()", x=randn(2, 1, 3), y=randn(4, 1))
op("through_index", "x[[0, 0, 2]] * y", x=randn(3, 2), y=randn(3, 2))
op("no_grad_part", "x * (lambda: torch.no_grad()(lambda: x.exp())())()", x=randn(3))
op("straight_through", "nets.StraightThrough.apply(x, 0.5)", x=randn(6))
op("scaled_product", "nets.ScaledProduct.apply(x, y)", x=randn(2, 3), y=randn(2, 3))
op("sum_and_sign", "nets.SumAndSign.apply(x, y)", x=randn(4), y=randn(4))
op("sqrt_at_zero", "torch.sqrt(x - x)", x=uniform(0.5, 1, 2))
