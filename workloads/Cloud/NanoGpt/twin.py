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


def geometry_of(config):
    sizes = config["geometry"]
    return [int(sizes[name]) for name in ("layers", "width", "heads", "vocabulary", "context")]


def build(config):
    """Returns a callable that does one whole training step."""
    torch.manual_seed(config["seed"])
    recipe, window, batch = config["recipe"], int(config["geometry"]["window"]), config["batch"]
    model = Model(*geometry_of(config))
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=recipe["learning_rate"], betas=tuple(recipe["betas"]), eps=recipe["epsilon"],
        weight_decay=recipe["weight_decay"])
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
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
