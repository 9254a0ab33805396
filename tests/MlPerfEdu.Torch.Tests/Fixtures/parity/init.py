"""torch.nn.init: the same numbers for the same seed."""

import torch

from .group import Group
from .inputs import randn

group = Group("init")


def op(name, call, **inputs):
    group.op(name, f"nn.init.{call}", exact=True, **inputs)


MATRIX = randn(6, 5).const()
FILTER = randn(4, 3, 2, 2).const()
op("zeros_", "zeros_(w)", w=MATRIX)
op("ones_", "ones_(w)", w=MATRIX)
op("constant_", "constant_(w, 0.3)", w=MATRIX)
op("eye_", "eye_(w)", w=MATRIX)
op("uniform_", "uniform_(w, -0.2, 0.4)", w=MATRIX)
op("normal_", "normal_(w, 0.5, 0.02)", w=MATRIX)
op("trunc_normal_", "trunc_normal_(w, 0.0, 0.5, -1.0, 1.0)", w=MATRIX)
op("xavier_uniform_", "xavier_uniform_(w)", w=MATRIX)
op("xavier_uniform_gain", "xavier_uniform_(w, 2.0)", w=FILTER)
op("xavier_normal_", "xavier_normal_(w)", w=MATRIX)
op("kaiming_uniform_", "kaiming_uniform_(w)", w=MATRIX)
op("kaiming_uniform_filter", "kaiming_uniform_(w, a=math.sqrt(5))", w=FILTER)
op("kaiming_normal_", "kaiming_normal_(w)", w=MATRIX)
op("kaiming_normal_fan_out", "kaiming_normal_(w, mode='fan_out', nonlinearity='relu')", w=FILTER)
group.op("orthogonal_", "nn.init.orthogonal_(w, 2.0)", tol=(1e-5, 1e-5), w=MATRIX)
group.op("calculate_gain", "torch.tensor([nn.init.calculate_gain(*n) for n in (('relu',), ('leaky_relu', 0.1), ('tanh',))], dtype=torch.float64)", tol=(1e-12, 1e-12))
group.op("fans", "nn.init._calculate_fan_in_and_fan_out(w)", w=FILTER)
