"""One training step of the recommendation model with one large hashed table, in plain PyTorch."""
import torch
from torch import nn
from torch.nn import functional as F

from Cloud.MicroDlrm.twin import network

BAGS = 3


class MicroDlrmDram(nn.Module):
    def __init__(self, rows, width, bottom, top):
        super().__init__()
        self.table = nn.EmbeddingBag(rows, width, mode="sum", sparse=True)
        self.bottom = network(bottom, last_relu=True)
        self.top = network([BAGS * width + bottom[-1], *top, 1], last_relu=False)

    def forward(self, ids, dense):
        lookups = ids.size(1)
        first = torch.arange(len(ids))[:, None] * lookups + torch.arange(BAGS)
        looked = self.table(ids.reshape(-1), first.reshape(-1)).view(len(ids), -1)
        return self.top(torch.cat([looked, self.bottom(dense)], 1)).squeeze(1)


def build(config):
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    torch.manual_seed(config["seed"])
    rows, lookups = int(geometry["rows"]), BAGS + int(geometry["crosses"])
    model = MicroDlrmDram(rows, int(geometry["width"]), geometry["bottom"], geometry["top"])
    networks = [*model.bottom.parameters(), *model.top.parameters()]
    optimizer = torch.optim.AdamW(
        networks, recipe["learning_rate"], tuple(recipe["betas"]), recipe["epsilon"], recipe["weight_decay"])
    of_table = torch.optim.SGD(model.table.parameters(), geometry["table_learning_rate"])
    samples = 80_000
    dense = torch.randn(samples, geometry["bottom"][0])
    likes = torch.randint(2, (samples,)).float()

    def step():
        chosen = torch.randint(samples, (batch,))
        ids = torch.randint(rows, (batch, lookups))
        optimizer.zero_grad()
        of_table.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(ids, dense[chosen]), likes[chosen])
        loss.backward()
        nn.utils.clip_grad_norm_(networks, recipe["clip_norm"])
        optimizer.step()
        of_table.step()
        return loss.item()

    return step
