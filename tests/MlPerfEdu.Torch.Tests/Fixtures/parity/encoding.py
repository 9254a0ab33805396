"""How a tensor is written: {"t": dtype, "s": shape, "v": flat values}, exact after reading back."""

import json
import math

import numpy
import torch


class Literal(str):
    """Text that stands in the JSON as it is."""


def tensor(value):
    """Tensors as they are; Python scalars and lists as the tensors that hold them."""
    if not isinstance(value, torch.Tensor):
        value = torch.tensor(value, dtype=_scalar_type(value))
    value = value.detach().to_dense() if value.is_sparse else value.detach()
    flat = value.contiguous().reshape(-1)
    return {"t": str(value.dtype).removeprefix("torch."), "s": list(value.shape), "v": _values(flat)}


def _scalar_type(value):
    if isinstance(value, (list, tuple)):
        value = value[0] if value else 0
    return torch.bool if isinstance(value, bool) else torch.int64 if isinstance(value, int) else torch.float64


def _values(flat):
    if not flat.dtype.is_floating_point:
        return [int(x) for x in flat.tolist()]
    narrow = flat.dtype != torch.float64
    return [_number(x, narrow) for x in flat.to(torch.float64).tolist()]


def _number(x, narrow):
    """The shortest text that reads back as the same bits. JSON has no NaN and no infinity, so words stand for them."""
    if math.isnan(x):
        return "nan"
    if math.isinf(x):
        return "inf" if x > 0 else "-inf"
    if x == int(x) and abs(x) < 1e6:
        return Literal("-0" if math.copysign(1, x) < 0 and x == 0 else int(x))
    return Literal(numpy.format_float_scientific(numpy.float32(x) if narrow else x, trim="-", exp_digits=1)
                   if abs(x) < 1e-4 or abs(x) >= 1e6 else numpy.format_float_positional(numpy.float32(x) if narrow else x))


def _text(o):
    if isinstance(o, Literal):
        return str(o)
    if isinstance(o, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{_text(v)}" for k, v in o.items()) + "}"
    if isinstance(o, (list, tuple)):
        return "[" + ",".join(map(_text, o)) + "]"
    return json.dumps(o)


def write(path, version, cases):
    """One case per line, so that a change shows as the lines of the cases it touches."""
    lines = ",\n".join(map(_text, cases))
    path.write_text(f'{{"torch":{json.dumps(version)},"cases":[\n{lines}\n]}}\n', encoding="utf-8")
