"""Small networks whose state has nested names."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Residual(nn.Module):
    """A block with a child, a grandchild and a parameter of its own."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(4)
        self.mlp = nn.Sequential(nn.Linear(4, 6), nn.GELU(), nn.Linear(6, 4))
        self.scale = nn.Parameter(nn.init.constant_(self.norm.weight.new_empty(4), 0.5))

    def forward(self, x):
        return x + self.scale * self.mlp(self.norm(x))


class Separable(nn.Module):
    """A depthwise-separable convolution with normalisation and a head."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Conv2d(2, 2, 3, padding=1, groups=2, bias=False), nn.BatchNorm2d(2), nn.Conv2d(2, 3, 1)])
        self.head = nn.Linear(3, 2)

    def forward(self, x):
        for block in self.blocks:
            x = F.relu(block(x))
        return self.head(x.mean((2, 3)))


class StraightThrough(torch.autograd.Function):
    """Rounds to multiples of a step; the gradient passes as if nothing had been rounded."""

    @staticmethod
    def forward(ctx, x, step):
        return torch.round(x / step) * step

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


class ScaledProduct(torch.autograd.Function):
    """x·y with twice the gradient for x: a result that no built-in function gives."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, gradient):
        x, y = ctx.saved_tensors
        return 2 * gradient * y, gradient * x


class SumAndSign(torch.autograd.Function):
    """Two results, one of them without a derivative; gradients that no built-in function gives."""

    @staticmethod
    def forward(ctx, x, y):
        sign = x.sign()
        ctx.mark_non_differentiable(sign)
        return x + y, sign

    @staticmethod
    def backward(ctx, of_sum, of_sign):
        return of_sum * 3, of_sum * 5
