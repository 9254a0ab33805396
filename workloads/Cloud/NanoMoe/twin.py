"""nano-moe-train in plain PyTorch eager, as its users write it. The names of the weights are those of NanoMoeModel."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from Cloud.NanoGpt.twin import Layer as DenseLayer


class Expert(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        return self.down(F.silu(self.up(x)))


class Mixture(nn.Module):
    def __init__(self, width, hidden, experts, chosen):
        super().__init__()
        self.chosen = chosen
        self.router = nn.Linear(width, experts, bias=False)
        self.experts = nn.ModuleList(Expert(width, hidden) for _ in range(experts))

    def forward(self, x):
        weights, ids = self.router(x).softmax(-1).topk(self.chosen, -1)
        weights = weights / weights.sum(-1, keepdim=True)
        total = torch.zeros_like(x)
        for number, expert in enumerate(self.experts):
            tokens, choice = torch.where(ids == number)
            total.index_add_(0, tokens, expert(x[tokens]) * weights[tokens, choice, None])
        return total


class Layer(DenseLayer):
    def __init__(self, width, heads, context, hidden, experts, chosen):
        super().__init__(width, heads, context)
        del self.mlpNorm, self.up, self.down
        self.expertNorm = nn.LayerNorm(width)
        self.mixture = Mixture(width, hidden, experts, chosen)

    def forward(self, x):
        x = x + self.attend(self.attentionNorm(x))
        batch, length, width = x.size()
        return x + self.mixture(self.expertNorm(x).view(-1, width)).view(batch, length, width)


class Model(nn.Module):
    def __init__(self, layers, width, heads, experts, hidden, chosen, vocabulary, context):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(context, width)
        self.layers = nn.ModuleList(Layer(width, heads, context, hidden, experts, chosen) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.apply(self.initialise)

    @staticmethod
    def initialise(module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    def forward(self, text):
        x = self.tokens(text) + self.positions(torch.arange(text.size(1)))
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))


def build(config):
    """Returns a callable that does one whole training step."""
    torch.manual_seed(config["seed"])
    recipe, sizes, batch = config["recipe"], config["geometry"], config["batch"]
    names = ("layers", "width", "heads", "experts", "hidden", "chosen", "vocabulary", "context")
    window, model = int(sizes["window"]), Model(*(int(sizes[name]) for name in names))
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=recipe["learning_rate"], betas=tuple(recipe["betas"]), eps=recipe["epsilon"],
        weight_decay=recipe["weight_decay"])
    text = torch.randint(model.tokens.num_embeddings, (100_000,))

    def step():
        starts = torch.randint(len(text) - window - 1, (batch,))
        x = torch.stack([text[start:start + window] for start in starts])
        y = torch.stack([text[start + 1:start + window + 1] for start in starts])
        logits = model(x)
        loss = F.cross_entropy(logits.view(-1, logits.size(-1)), y.view(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
