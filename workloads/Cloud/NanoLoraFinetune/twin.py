"""nano-lora-finetune in plain PyTorch eager: a frozen model whose queries, keys and values are changed by adapters."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from Cloud.NanoGpt.twin import Model, adamw, geometry_of


class Adapted(nn.Module):
    """x·Wᵀ + b + α/r·(x·Aᵀ)·Bᵀ"""

    def __init__(self, frozen, rank, alpha):
        super().__init__()
        self.frozen, self.scale = frozen, alpha / rank
        self.down = nn.Linear(frozen.in_features, rank, bias=False)
        self.up = nn.Linear(rank, frozen.out_features, bias=False)
        nn.init.zeros_(self.up.weight)

    def forward(self, x):
        return self.frozen(x) + self.up(self.down(x)) * self.scale


def build(config):
    """Returns a callable that does one whole training step."""
    torch.manual_seed(config["seed"])
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    window = int(geometry["window"])
    model = Model(*geometry_of(config))
    model.requires_grad_(False)
    for layer in model.layers:
        layer.queryKeyValue = Adapted(layer.queryKeyValue, int(geometry["rank"]), geometry["alpha"])
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = adamw(trained, recipe)
    text = torch.randint(model.tokens.num_embeddings, (100_000,))

    def step():
        starts = torch.randint(len(text) - window - 1, (batch,))
        x = torch.stack([text[start:start + window] for start in starts])
        y = torch.stack([text[start + 1:start + window + 1] for start in starts])
        logits = model(x)
        loss = F.cross_entropy(logits.view(-1, logits.size(-1)), y.view(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if recipe["clip_norm"] > 0:
            torch.nn.utils.clip_grad_norm_(trained, recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
