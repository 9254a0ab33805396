"""Small networks whose state has nested names."""

import math

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


class Unet(nn.Module):
    """Down and up again, with the way past it."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 2, 3, padding=1)
        self.norm = nn.GroupNorm(1, 2)
        self.middle = nn.Conv2d(2, 4, 3, padding=1)
        self.up = nn.ConvTranspose2d(4, 2, 2, stride=2)
        self.out = nn.Conv2d(4, 1, 1)

    def forward(self, x):
        wide = F.silu(self.norm(self.down(x)))
        narrow = F.relu(self.middle(F.max_pool2d(wide, 2)))
        return self.out(torch.cat([wide, self.up(narrow)], 1))


class InvertedResidual(nn.Module):
    """MobileNetV2's block: wider, filtered channel by channel, narrow again."""

    def __init__(self):
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv2d(2, 6, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU6(),
            nn.Conv2d(6, 6, 3, padding=1, groups=6, bias=False), nn.BatchNorm2d(6), nn.ReLU6(),
            nn.Conv2d(6, 2, 1, bias=False), nn.BatchNorm2d(2))

    def forward(self, x):
        return x + self.block(x)


class LlamaBlock(nn.Module):
    """Root-mean-square norm, rotated queries and keys, causal attention, a gated feed-forward part."""

    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(4, 12, bias=False)
        self.gate_up = nn.Linear(4, 12, bias=False)
        self.down = nn.Linear(6, 4, bias=False)

    def forward(self, x):
        q, k, v = self.qkv(self.norm(x)).view(1, 3, 3, 2, 2).permute(2, 0, 3, 1, 4)
        mask = torch.ones(3, 3, dtype=torch.bool).triu(1)
        scores = (self.rotated(q) @ self.rotated(k).transpose(-2, -1) / math.sqrt(2)).masked_fill(mask, -math.inf)
        x = x + (torch.softmax(scores, -1) @ v).transpose(1, 2).flatten(2)
        gate, up = self.gate_up(self.norm(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)

    @staticmethod
    def norm(x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5)

    @staticmethod
    def rotated(x):
        angle = torch.arange(3.0).unsqueeze(-1)
        even, odd = x.chunk(2, -1)
        return torch.cat([even * angle.cos() - odd * angle.sin(), even * angle.sin() + odd * angle.cos()], -1)


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
