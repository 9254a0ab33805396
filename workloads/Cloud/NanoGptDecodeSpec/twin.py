"""nanogpt-decode-spec in plain PyTorch: the target checks the drafts of one round, with a cache that they are concatenated to."""
import math

import torch
import torch.nn.functional as F

from Cloud.NanoGpt.twin import Model, geometry_of


def attend(layer, x, keys, values, mask):
    batch, length, width = x.size()
    q, k, v = layer.queryKeyValue(x).split(width, dim=2)
    q, k, v = (part.view(batch, length, layer.heads, width // layer.heads).transpose(1, 2) for part in (q, k, v))
    k, v = torch.cat((keys, k), dim=2), torch.cat((values, v), dim=2)  # [1, heads, filled + length, head]
    scores = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
    found = F.softmax(scores.masked_fill(mask, float("-inf")), dim=-1) @ v
    return layer.output(found.transpose(1, 2).contiguous().view(batch, length, width)), k, v


def build(config):
    sizes = config["geometry"]
    model = Model(*geometry_of(config)).eval()
    filled, length = int(sizes["prompt"]), int(sizes["lookahead"]) + 1
    shape = (1, int(sizes["heads"]), filled, int(sizes["width"]) // int(sizes["heads"]))
    cache = [(torch.randn(shape), torch.randn(shape)) for _ in model.layers]
    tokens, positions = torch.zeros(1, length, dtype=torch.long), torch.arange(filled, filled + length)
    mask = torch.ones(length, filled + length, dtype=torch.bool).triu(filled + 1)

    @torch.no_grad()
    def step():
        x = model.tokens(tokens) + model.positions(positions)
        grown = []
        for layer, (keys, values) in zip(model.layers, cache):
            attended, keys, values = attend(layer, layer.attentionNorm(x), keys, values, mask)
            grown.append((keys, values))
            x = x + attended
            x = x + layer.down(F.gelu(layer.up(layer.mlpNorm(x))))
        return F.linear(model.norm(x), model.tokens.weight).argmax(-1).tolist()

    return step
