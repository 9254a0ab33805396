"""nanogpt-train in plain PyTorch eager, as its users write it. The names of the weights are those of NanoGptModel."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Layer(nn.Module):
    def __init__(self, width, heads, context):
        super().__init__()
        self.heads = heads
        self.attentionNorm = nn.LayerNorm(width)
        self.queryKeyValue = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)
        self.mlpNorm = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.register_buffer("mask", torch.tril(torch.ones(context, context, dtype=torch.bool)), persistent=False)

    def attend(self, x):
        batch, length, width = x.size()
        q, k, v = self.queryKeyValue(x).split(width, dim=2)
        q, k, v = (part.view(batch, length, self.heads, width // self.heads).transpose(1, 2) for part in (q, k, v))
        scores = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        scores = scores.masked_fill(~self.mask[:length, :length], float("-inf"))
        found = F.softmax(scores, dim=-1) @ v
        return self.output(found.transpose(1, 2).contiguous().view(batch, length, width))

    def forward(self, x):
        x = x + self.attend(self.attentionNorm(x))
        return x + self.down(F.gelu(self.up(self.mlpNorm(x))))


class Model(nn.Module):
    def __init__(self, layers, width, heads, vocabulary, context):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(context, width)
        self.layers = nn.ModuleList(Layer(width, heads, context) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.apply(self.initialise)

    @staticmethod
    def initialise(module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)
        if isinstance(module, nn.Linear):
            nn.init.zeros_(module.bias)

    def forward(self, text):
        x = self.tokens(text) + self.positions(torch.arange(text.size(1)))
        for layer in self.layers:
            x = layer(x)
        return F.linear(self.norm(x), self.tokens.weight)


class Muon:
    """For the weights of linear layers, in blocks of rows along the longer side, each made orthonormal; AdamW for everything else."""

    # Amsel et al., "The Polar Express", 2025.
    steps = [
        (8.28721201814563, -23.595886519098837, 17.300387312530933), (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
        (3.9486908534822946, -2.908902115962949, 0.5518191394370137), (3.3184196573706015, -2.488488024314874, 0.51004894012372),
        (2.300652019954817, -1.6689039845749493, 0.4188073119525673)]

    def __init__(self, model, recipe):
        self.momentum, self.rate, self.decay = recipe["momentum"], recipe["matrix_learning_rate"], recipe["weight_decay"]
        self.matrices = [module.weight for module in model.modules() if isinstance(module, nn.Linear)]
        self.momenta = [torch.zeros_like(weight) for weight in self.matrices]
        known = {id(weight) for weight in self.matrices}
        self.rest = adamw([weight for weight in model.parameters() if id(weight) not in known], recipe)

    def zero_grad(self, set_to_none):
        self.rest.zero_grad(set_to_none=set_to_none)
        for weight in self.matrices:
            weight.grad = None

    @torch.no_grad()
    def step(self):
        self.rest.step()
        for weight, momentum in zip(self.matrices, self.momenta):
            momentum.lerp_(weight.grad, 1 - self.momentum)
            direction = weight.grad.lerp(momentum, self.momentum)
            wide = weight.size(0) < weight.size(1)
            rows = direction.t() if wide else direction
            size = next(size for size in range(min(64, rows.size(1)), 0, -1) if rows.size(0) % size == 0)
            found = self.orthonormal(rows.reshape(-1, size, rows.size(1))).view(-1, rows.size(1))
            weight.mul_(1 - self.rate * self.decay)
            weight.add_(found.t() if wide else found, alpha=-self.rate * math.sqrt(rows.size(1)))

    def orthonormal(self, x):
        x = x / (x.norm(dim=(1, 2), keepdim=True) * 1.01 + 1e-15)
        for a, b, c in self.steps:
            squares = x @ x.transpose(1, 2)
            x = a * x + (b * squares + c * squares @ squares) @ x
        return x


def adamw(parameters, recipe):
    return torch.optim.AdamW(
        parameters, lr=recipe["learning_rate"], betas=tuple(recipe["betas"]), eps=recipe["epsilon"], weight_decay=recipe["weight_decay"])


def geometry_of(config):
    sizes = config["geometry"]
    return [int(sizes[name]) for name in ("layers", "width", "heads", "vocabulary", "context")]


def build(config):
    """Returns a callable that does one whole training step."""
    torch.manual_seed(config["seed"])
    recipe, window, batch = config["recipe"], int(config["geometry"]["window"]), config["batch"]
    model = Model(*geometry_of(config))
    optimizer = Muon(model, recipe) if recipe["optimizer"] == "muon" else adamw(model.parameters(), recipe)
    if recipe["sinusoidal_positions"]:
        with torch.no_grad():
            context, width = model.positions.weight.shape
            frequencies = 10_000 ** (-torch.arange(width // 2) / (width // 2))
            angles = torch.arange(context).unsqueeze(1) * frequencies
            waves = torch.stack([angles.sin(), angles.cos()], dim=-1).view(context, width)
            model.positions.weight.copy_(waves * recipe["sinusoidal_positions"] * math.sqrt(2))
    text = torch.randint(model.tokens.num_embeddings, (100_000,))

    def step():
        starts = torch.randint(len(text) - window - 1, (batch,))
        x = torch.stack([text[start:start + window] for start in starts])
        y = torch.stack([text[start + 1:start + window + 1] for start in starts])
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe["precision"] == "bf16"):
            logits = model(x).float()
        loss = F.cross_entropy(logits.view(-1, logits.size(-1)), y.view(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if recipe["clip_norm"] > 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
