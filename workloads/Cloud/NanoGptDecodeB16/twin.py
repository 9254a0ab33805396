"""The three nanogpt-decode-…-b16 in plain PyTorch: one token for each of sixteen answers, with a cache that each token is concatenated to."""
import torch
import torch.nn.functional as F

from Cloud.NanoGpt.twin import Model, geometry_of
from Cloud.NanoGptDecode.twin import attend


def build(config):
    sizes = config["geometry"]
    # Of numbers in 16 bits, PyTorch 1.13 normalises bf16 only; and it has no product of bytes with one scale per row: fp32 beside q8.
    numbers = torch.bfloat16 if "fp16" in config["id"] else torch.float32
    model = Model(*geometry_of(config)).eval().to(numbers)
    batch, filled = int(config["batch"]), int(sizes["prompt"]) + int(sizes["steps"]) // 2
    shape = (batch, int(sizes["heads"]), filled, int(sizes["width"]) // int(sizes["heads"]))
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
