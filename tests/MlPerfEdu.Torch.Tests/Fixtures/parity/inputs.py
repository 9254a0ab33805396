"""What the inputs of a case look like. Each is made by the case's own generator, so cases do not disturb each other."""

import torch


class Input:
    def __init__(self, make, layout="plain", grad=None):
        self._make, self.layout, self._grad = make, layout, grad

    def values(self, generator):
        return self._make(generator)

    def wants_grad(self, value):
        return value.dtype.is_floating_point if self._grad is None else self._grad

    def transposed(self):
        """The same values in memory whose last two dimensions are swapped."""
        return Input(self._make, "transposed", self._grad)

    def strided(self):
        """The same values, every second element of a wider last dimension."""
        return Input(self._make, "strided", self._grad)

    def const(self):
        """No gradient is asked for."""
        return Input(self._make, self.layout, False)

    def to(self, dtype):
        return Input(lambda g: self._make(g).to(dtype), self.layout, self._grad)


def randn(*shape, dtype=torch.float32):
    return Input(lambda g: torch.randn(shape, generator=g, dtype=torch.float64).mul(1024).round().div(1024).to(dtype))


def uniform(low, high, *shape, dtype=torch.float32):
    return Input(lambda g: torch.rand(shape, generator=g, dtype=torch.float64).mul(high - low).add(low).mul(4096).round().div(4096).to(dtype))


def ints(low, high, *shape, dtype=torch.int64):
    return Input(lambda g: torch.randint(low, high, shape, generator=g).to(dtype))


def bools(*shape):
    return Input(lambda g: torch.randint(0, 2, shape, generator=g).to(torch.bool))


def distinct(*shape, dtype=torch.float32):
    """No two elements are equal: the answer of a sort or a maximum is unique."""
    count = int(torch.Size(shape).numel())
    return Input(lambda g: torch.randperm(count, generator=g).sub(count // 2).div(4).reshape(shape).to(dtype))


def given(values, dtype=torch.float32):
    return Input(lambda g: torch.tensor(values, dtype=dtype))


def laid_out(values, layout):
    if layout == "transposed":
        return values.transpose(-1, -2).contiguous().transpose(-1, -2)
    if layout == "strided":
        wide = torch.zeros(*values.shape[:-1], values.shape[-1] * 2, dtype=values.dtype)
        wide[..., ::2] = values
        return wide[..., ::2]
    return values
