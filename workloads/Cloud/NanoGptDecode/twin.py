"""nanogpt-decode in plain PyTorch: one token, halfway through an answer, with a cache that each token is concatenated to."""
import math

import torch
import torch.nn.functional as F

from Cloud.NanoGpt.twin import Model, geometry_of


def attend(layer, x, keys, values):
    batch, length, width = x.size()
    q, k, v = layer.queryKeyValue(x).split(width, dim=2)
    q, k, v = (part.view(batch, length, layer.heads, width // layer.heads).transpose(1, 2) for part in (q, k, v))
    k, v = torch.cat((keys, k), dim=2), torch.cat((values, v), dim=2)  # [batch, heads, filled + 1, head]
    found = F.softmax((q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1))), dim=-1) @ v
    return layer.output(found.transpose(1, 2).contiguous().view(batch, length, width)), k, v


def token_step(model, filled, batch=1, numbers=torch.float32):
    """A token for each of a batch of answers, after so many tokens in their caches."""
    heads, width = model.layers[0].heads, model.tokens.embedding_dim
    shape = (batch, heads, filled, width // heads)
    cache = [(torch.randn(shape).to(numbers), torch.randn(shape).to(numbers)) for _ in model.layers]
    token, position = torch.zeros(batch, 1, dtype=torch.long), torch.tensor([filled])

    @torch.no_grad()
    def step():
        x = model.tokens(token) + model.positions(position)
        grown = []
        for layer, (keys, values) in zip(model.layers, cache):
            attended, keys, values = attend(layer, layer.attentionNorm(x), keys, values)
            grown.append((keys, values))
            x = x + attended
            x = x + layer.down(F.gelu(layer.up(layer.mlpNorm(x))))
        return F.linear(model.norm(x), model.tokens.weight).argmax(-1).tolist()

    return step


def build(config):
    model = Model(*geometry_of({"geometry": config["trained_geometry"]})).eval()
    return token_step(model, config["geometry"]["prompt"] + config["geometry"]["steps"] // 2)
