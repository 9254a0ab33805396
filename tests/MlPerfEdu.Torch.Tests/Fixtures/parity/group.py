"""A group of cases: runs each in PyTorch and keeps what went in and what came out."""

import math
import zlib

import torch
import torch.nn as nn
import torch.nn.functional as F

from . import encoding, nets
from .inputs import laid_out

_TOLERANCE = {torch.float32: (1e-6, 1e-5), torch.float64: (1e-13, 1e-11), torch.bfloat16: (1e-2, 1e-2), torch.float16: (1e-3, 1e-3)}


class Group:
    def __init__(self, name):
        self.name, self.cases, self._names = name, [], set()

    def op(self, name, call, tol=None, exact=False, **inputs):
        """An expression over its inputs, with the gradients of the inputs that can have one."""
        case, values = self._begin(name, call, inputs)
        torch.manual_seed(case["seed"])
        outputs = _flat(_evaluate(call, values))
        self._finish(case, outputs, values, tol, exact)

    def error(self, name, call, **inputs):
        """An expression that PyTorch refuses: the first line of what it says is kept."""
        case, values = self._begin(name, call, inputs)
        try:
            _evaluate(call, values)
        except (RuntimeError, IndexError, ValueError) as refusal:
            case["error"] = str(refusal).splitlines()[0]
            self.cases.append(case)
            return
        raise AssertionError(f"{self.name}/{name}: PyTorch accepted {call}")

    def module(self, name, build, call="m(x)", train=True, tol=None, exact=False, **inputs):
        """A module as its constructor leaves it, one forward and backward pass, and its buffers afterwards."""
        case, values = self._begin(name, build, inputs)
        case["forward"], case["train"] = call, train
        torch.manual_seed(case["seed"])
        m = _evaluate(build, {})
        m.train(train)
        case["state"] = {k: encoding.tensor(v) for k, v in m.state_dict().items()}
        torch.manual_seed(case["seed"])
        outputs = _flat(_evaluate(call, {**values, "m": m}))
        parameters = {"param:" + k: v for k, v in m.named_parameters()}
        self._finish(case, outputs, {**values, **parameters}, tol, exact)
        buffers = {k: encoding.tensor(v) for k, v in m.named_buffers()}
        if buffers:
            case["buffers"] = buffers

    def _begin(self, name, call, inputs):
        assert name not in self._names, f"{self.name}/{name} is there twice"
        self._names.add(name)
        seed = zlib.crc32(f"{self.name}/{name}".encode())
        generator = torch.Generator().manual_seed(seed)
        case = {"name": name, "call": call, "seed": seed, "in": {}}
        values = {}
        for key, spec in inputs.items():
            value = spec.values(generator)
            case["in"][key] = encoding.tensor(value)
            if spec.layout != "plain":
                case["in"][key]["layout"] = spec.layout
            values[key] = laid_out(value, spec.layout)
            if spec.wants_grad(value):
                case["in"][key]["grad"] = 1
                values[key].requires_grad_()
        return case, values

    def _finish(self, case, outputs, values, tol, exact):
        case["out"] = [encoding.tensor(o) for o in outputs]
        tracked = [o for o in outputs if isinstance(o, torch.Tensor) and o.requires_grad]
        if tracked:
            sum((o * cotangent(o)).sum() for o in tracked).backward()
            case["grad"] = {k: None if v.grad is None else encoding.tensor(v.grad) for k, v in values.items() if v.requires_grad}
        case["tol"] = [0, 0] if exact else list(tol or _loosest(outputs))
        self.cases.append(case)


def cotangent(output):
    """Weights of an output's elements in the loss: exact in every float type, no zero, no pattern that a sum would hide."""
    return (torch.arange(output.numel()) % 7).sub(3).mul(0.25).add(0.125).reshape(output.shape).to(output.dtype)


def _evaluate(expression, values):
    return eval(expression, {"torch": torch, "nn": nn, "F": F, "math": math, "nets": nets, **values})


def _flat(result):
    if isinstance(result, torch.Tensor) or not isinstance(result, (tuple, list)) or (result and isinstance(result[0], int)):
        return [list(result) if isinstance(result, (tuple, list)) else result]
    return [leaf for part in result for leaf in _flat(part)]


def _loosest(outputs):
    kinds = [o.dtype for o in outputs if isinstance(o, torch.Tensor) and o.dtype in _TOLERANCE]
    return max((_TOLERANCE[k] for k in kinds), default=(0, 0))
