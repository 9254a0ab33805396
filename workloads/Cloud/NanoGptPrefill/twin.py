"""nanogpt-prefill in plain PyTorch: a prompt, and the logits of its last position."""
import torch
import torch.nn.functional as F

from Cloud.NanoGpt.twin import Model, geometry_of


def build(config):
    trained = config["trained_geometry"]
    model = Model(*geometry_of({"geometry": trained})).eval()
    prompt = torch.randint(trained["vocabulary"], (1, config["geometry"]["prompt"]))
    positions = torch.arange(prompt.size(1))

    @torch.no_grad()
    def step():
        x = model.tokens(prompt) + model.positions(positions)
        for layer in model.layers:
            x = layer(x)
        return F.linear(model.norm(x[:, -1]), model.tokens.weight).argmax(-1).item()

    return step
