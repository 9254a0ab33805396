"""nanogpt-decode in plain PyTorch: one token, halfway through an answer, with a cache that each token is concatenated to."""
import math

import torch
import torch.nn.functional as F

from Cloud.NanoGpt.twin import Model, geometry_of


def attend(layer, x, keys, values):
    batch, length, width = x.size()
    q, k, v = layer.queryKeyValue(x).split(width, dim=2)
    q, k, v = (part.view(batch, length, layer.heads, width // layer.heads).transpose(1, 2) for part in (q, k, v))
    k, v = torch.cat((keys, k), dim=2), torch.cat((values, v), dim=2)  # [1, heads, filled + 1, head]
    found = F.softmax((q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1))), dim=-1) @ v
    return layer.output(found.transpose(1, 2).contiguous().view(batch, length, width)), k, v


def build(config):
    trained = config["trained_geometry"]
    model = Model(*geometry_of({"geometry": trained})).eval()
    filled = config["geometry"]["prompt"] + config["geometry"]["steps"] // 2
    shape = (1, trained["heads"], filled, trained["width"] // trained["heads"])
    cache = [(torch.randn(shape), torch.randn(shape)) for _ in model.layers]
    token, position = torch.zeros(1, 1, dtype=torch.long), torch.tensor([filled])

    @torch.no_grad()
    def step():
        x = model.tokens(token) + model.positions(position)
        grown = []
        for layer, (keys, values) in zip(model.layers, cache):
            attended, keys, values = attend(layer, layer.attentionNorm(x), keys, values)
            grown.append((keys, values))
            x = x + attended
            x = x + layer.down(F.gelu(layer.up(layer.mlpNorm(x))))
        return F.linear(model.norm(x), model.tokens.weight).argmax(-1).item()

    return step
