"""One training step of nano-agent-train in plain PyTorch: padded conversations, and a loss that leaves out what is only read."""
import torch
from torch.nn import functional as F

from Cloud.NanoGpt.twin import Model, Muon, geometry_of

# Of the generated conversations; a third of their tokens is written.
SHORTEST, LONGEST, NOTHING = 15, 62, -1


def build(config):
    torch.manual_seed(config["seed"])
    recipe, batch = config["recipe"], config["batch"]
    model = Model(*geometry_of(config))
    optimizer = Muon(model, recipe)
    vocabulary = model.tokens.num_embeddings

    def step():
        lengths = torch.randint(SHORTEST, LONGEST + 1, (batch, 1))
        text = torch.randint(vocabulary, (batch, int(lengths.max()) + 1))
        read, written = text[:, :-1], text[:, 1:].clone()
        written[(torch.rand(written.shape) > 1 / 3) | (torch.arange(written.size(1)) >= lengths)] = NOTHING
        loss = F.cross_entropy(model(read).flatten(0, 1), written.flatten(), ignore_index=NOTHING)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step
