"""wake-vision-vww in plain PyTorch."""
import random

import torch
from torch import nn


def separable(inputs, outputs):
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride=2, padding=1, groups=inputs, bias=False), nn.BatchNorm2d(inputs), nn.ReLU(),
        nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


def build(config):
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    channels, side = geometry["channels"], geometry["side"]
    model = nn.Sequential(
        nn.Conv2d(1, channels[0], 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(channels[0]), nn.ReLU(),
        *[separable(*pair) for pair in zip(channels, channels[1:])],
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels[-1], geometry["classes"]))
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe["learning_rate"], betas=recipe["betas"],
                                  eps=recipe["epsilon"], weight_decay=recipe["weight_decay"])
    pictures = torch.randn(5000, 1, side, side)
    labels = torch.randint(geometry["classes"], (len(pictures),))

    def step():
        chosen = torch.randint(len(pictures), (batch,))
        rows = pictures[chosen]  # [B, 1, side, side]
        if random.random() < 0.5:
            rows = rows.flip(3)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(rows), labels[chosen])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
