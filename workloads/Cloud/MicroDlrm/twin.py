"""One training step of the recommendation model in plain PyTorch."""
import torch
from torch import nn
from torch.nn import functional as F


class MicroDlrm(nn.Module):
    def __init__(self, tables, width, bottom, top):
        super().__init__()
        self.tables = nn.ModuleList(nn.EmbeddingBag(rows, width, mode="sum") for rows in tables)
        self.bottom = network(bottom, last_relu=True)
        self.top = network([len(tables) * width + bottom[-1], *top, 1], last_relu=False)

    def forward(self, ids, dense):
        rows = [table(ids[:, i : i + 1]) for i, table in enumerate(self.tables)]
        return self.top(torch.cat([*rows, self.bottom(dense)], 1)).squeeze(1)


def network(widths, last_relu):
    layers = []
    for i in range(1, len(widths)):
        layers.append(nn.Linear(widths[i - 1], widths[i]))
        if i + 1 < len(widths) or last_relu:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def build(config):
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    torch.manual_seed(config["seed"])
    tables = geometry["tables"]
    model = MicroDlrm(tables, geometry["width"], geometry["bottom"], geometry["top"])
    optimizer = torch.optim.AdamW(
        model.parameters(), recipe["learning_rate"], tuple(recipe["betas"]), recipe["epsilon"], recipe["weight_decay"])
    samples = 80_000
    ids = torch.stack([torch.randint(rows, (samples,)) for rows in tables], 1)
    dense = torch.randn(samples, geometry["bottom"][0])
    likes = torch.randint(2, (samples,)).float()

    def step():
        chosen = torch.randint(samples, (batch,))
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(ids[chosen], dense[chosen]), likes[chosen])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
