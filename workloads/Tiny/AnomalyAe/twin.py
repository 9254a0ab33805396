"""anomaly-ae-train in plain PyTorch."""
import torch
from torch import nn


def build(config):
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    hidden = [geometry["hidden"]] * geometry["depth"]
    widths = [geometry["inputs"], *hidden, geometry["code"], *hidden, geometry["inputs"]]
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    for layer in layers[:-2:2]:
        nn.init.kaiming_normal_(layer.weight)
        nn.init.zeros_(layer.bias)
    code = layers[2 * geometry["depth"]]
    code.weight.data.abs_()  # no unit of the code starts dead
    model = nn.Sequential(*layers[:-1])  # the last layer is linear
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe["learning_rate"], betas=recipe["betas"],
                                  eps=recipe["epsilon"], weight_decay=recipe["weight_decay"])
    figures = torch.rand(6000, geometry["inputs"])

    def step():
        rows = figures[torch.randint(len(figures), (batch,))]  # [B, inputs]
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(rows), rows)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
