"""Writes nanogpt.json: the loss and the gradients of one step of the workload's twin, in PyTorch, from weights that both sides can make.

Run with the PyTorch that is to be compared with: python3 make_nanogpt.py
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "workloads" / "Cloud" / "NanoGpt"))
import twin

GEOMETRY = dict(layers=6, width=384, heads=6, vocabulary=128, context=2048)
BATCH, WINDOW, SAMPLES = 2, 64, 12


def uniform(stream, count):
    """In [-1, 1), 24 bits: splitmix64 of stream and position."""
    z = (np.arange(count, dtype=np.uint64) + np.uint64(stream << 32)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1


def rounded(number):
    return float(f"{number.item():.9g}")


def main():
    torch.set_num_threads(2)
    model = twin.Model(*twin.geometry_of(dict(geometry=GEOMETRY)))
    with torch.no_grad():
        for stream, (name, weight) in enumerate(sorted(model.named_parameters(), key=lambda pair: pair[0]), start=1):
            values = torch.from_numpy(0.06 * uniform(stream, weight.numel())).float().view_as(weight)
            weight.copy_(1 + values if name.lower().endswith("norm.weight") else values)
    text = torch.from_numpy(((uniform(0, BATCH * (WINDOW + 1)) + 1) * GEOMETRY["vocabulary"] / 2).astype(np.int64)).view(BATCH, WINDOW + 1)
    logits = model(text[:, :-1])
    loss = F.cross_entropy(logits.view(-1, GEOMETRY["vocabulary"]), text[:, 1:].reshape(-1))
    loss.backward()
    gradients = {}
    for name, weight in model.named_parameters():
        gradient = weight.grad.double().flatten()
        places = np.linspace(0, gradient.numel() - 1, SAMPLES).astype(int)
        signs = torch.from_numpy(np.where(uniform(99, gradient.numel()) < 0, -1.0, 1.0))
        gradients[name] = dict(
            norm=rounded(gradient.norm()), signed_sum=rounded((gradient * signs).sum()), places=places.tolist(),
            values=[rounded(value) for value in gradient[places]])
    head = dict(torch=torch.__version__, batch=BATCH, window=WINDOW, loss=rounded(loss))
    lines = ",\n".join(f'    "{name}": {json.dumps(gradient)}' for name, gradient in gradients.items())
    (HERE / "nanogpt.json").write_text(json.dumps(head)[:-1] + ',\n  "gradients": {\n' + lines + "\n  }\n}\n")


main()
