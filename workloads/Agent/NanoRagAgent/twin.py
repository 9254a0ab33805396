"""nano-rag-agent in plain PyTorch: the token before an answer, with a cache of its prompt that it is concatenated to."""
import torch
import torch.nn.functional as F

from Agent.NanoRag.twin import Rag, prompt_length
from Cloud.NanoGptDecode.twin import attend


def build(config):
    trained = config["trained_geometry"]
    model = Rag(trained).eval()
    decoder = model.decoder
    filled = prompt_length(trained) - 1
    heads, width = int(trained["heads"]), int(trained["width"])
    shape = (1, heads, filled, width // heads)
    cache = [(torch.randn(shape), torch.randn(shape)) for _ in decoder.layers]
    token, position = torch.zeros(1, 1, dtype=torch.long), torch.tensor([filled])

    @torch.no_grad()
    def step():
        x = decoder.tokens(token) + decoder.positions(position)
        for layer, (keys, values) in zip(decoder.layers, cache):
            attended, _, _ = attend(layer, layer.attentionNorm(x), keys, values)
            x = x + attended
            x = x + layer.down(F.gelu(layer.up(layer.mlpNorm(x))))
        return F.linear(model.decoder.norm(x), decoder.tokens.weight).argmax(-1).item()

    return step
