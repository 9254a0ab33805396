"""micro-diffusion-train in plain PyTorch: one step of a U-Net that predicts the noise in noised images."""
import math

import torch
from torch import nn
from torch.nn import functional as F

IMAGES = 2000
BALANCE = 1.5


class Block(nn.Module):
    def __init__(self, inputs, outputs, groups, embedding):
        super().__init__()
        self.before, self.between = nn.GroupNorm(groups, inputs), nn.GroupNorm(groups, outputs)
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(embedding, outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, moment):
        h = self.first(F.silu(self.before(x)))
        h = F.silu(self.between(h + self.time(moment)[:, :, None, None]))
        return self.skip(x) + self.second(h)


class UNet(nn.Module):
    def __init__(self, colours, channels, groups, embedding):
        super().__init__()
        first, pairs = channels[0], list(zip(channels, channels[1:]))
        self.half = first // 2
        self.wave, self.moment = nn.Linear(first, embedding), nn.Linear(embedding, embedding)
        self.enter = nn.Conv2d(colours, first, 3, padding=1)
        self.down = nn.ModuleList([Block(first, first, groups, embedding), *[Block(a, b, groups, embedding) for a, b in pairs]])
        self.smaller = nn.ModuleList(nn.Conv2d(a, a, 3, stride=2, padding=1) for a, _ in pairs)
        self.narrower = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in reversed(pairs))
        self.up = nn.ModuleList(Block(2 * a, a, groups, embedding) for a, _ in reversed(pairs))
        self.last = nn.GroupNorm(groups, first)
        self.leave = nn.Conv2d(first, colours, 3, padding=1)
        for layer in (self.wave, self.moment):
            nn.init.kaiming_normal_(layer.weight)
        for parameter in self.leave.parameters():
            nn.init.zeros_(parameter)

    def forward(self, x, t):
        angles = t[:, None] * torch.pow(10_000.0, -torch.arange(self.half) / self.half)
        moment = F.silu(self.moment(F.silu(self.wave(torch.cat([angles.sin(), angles.cos()], 1)))))
        x, skips = self.down[0](self.enter(x), moment), []
        for smaller, block in zip(self.smaller, self.down[1:]):
            skips.append(x)
            x = block(smaller(x), moment)
        for narrower, block in zip(self.narrower, self.up):
            x = block(torch.cat([F.interpolate(narrower(x), scale_factor=2, mode="nearest"), skips.pop()], 1), moment)
        return self.leave(F.silu(self.last(x)))


def cosine(timesteps, offset=0.008):
    remaining = torch.cos((torch.arange(timesteps + 1, dtype=torch.float64) / timesteps + offset) / (1 + offset) * math.pi / 2) ** 2
    return torch.cumprod(1 - (1 - remaining[1:] / remaining[:-1]).clamp(max=0.999), 0).float()


def build(config):
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    side, colours, timesteps = geometry["side"], geometry["colours"], geometry["timesteps"]
    torch.manual_seed(config["seed"])
    model = UNet(colours, geometry["channels"], geometry["groups"], geometry["embedding"])
    optimizer = torch.optim.AdamW(
        model.parameters(), recipe["learning_rate"], tuple(recipe["betas"]), recipe["epsilon"], recipe["weight_decay"])
    images = torch.rand(IMAGES, colours, side, side) * 2 - 1
    kept, variance = cosine(timesteps), geometry["deviation"] ** 2

    def step():
        rows = images[torch.randint(IMAGES, (batch,))]
        t = ((torch.arange(batch) + torch.rand(batch)) / batch * timesteps).long()
        noise, share = torch.randn_like(rows), kept[t][:, None, None, None]
        noised, total = share.sqrt() * rows + (1 - share).sqrt() * noise, share * variance + 1 - share
        missing = model(noised / total.sqrt(), t.float())
        error = (share * variance / total).sqrt()
        prediction = (1 - share).sqrt() / total * noised + error * missing
        optimizer.zero_grad()
        loss = ((prediction - noise) ** 2 / error ** BALANCE).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
