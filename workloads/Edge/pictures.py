"""The step that both classifiers of this suite take, in plain PyTorch."""
import random

import torch
from torch import nn


def build_classifier(config, model):
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe["learning_rate"], betas=recipe["betas"],
                                  eps=recipe["epsilon"], weight_decay=recipe["weight_decay"])
    padding, side = geometry["padding"], 32
    pictures = torch.randint(256, (5000, 3, side, side), dtype=torch.uint8)
    labels = torch.randint(geometry["classes"], (len(pictures),))

    def shifted(picture):
        down, along = random.randrange(2 * padding + 1), random.randrange(2 * padding + 1)
        crop = picture[:, down:down + side, along:along + side]
        return crop.flip(2) if random.random() < 0.5 else crop

    def step():
        chosen = torch.randint(len(pictures), (batch,))
        rows = nn.functional.pad(pictures[chosen], [padding] * 4)
        rows = (torch.stack([shifted(picture) for picture in rows]).float() - 127.5) / 64  # [B, 3, side, side]
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(rows), labels[chosen])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
