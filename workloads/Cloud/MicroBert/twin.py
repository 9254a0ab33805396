"""One training step of the encoder in plain PyTorch: padded sentences and a mask."""
import torch
from torch import nn
from torch.nn import functional as F

# SST-2's phrases have ten words on average; first and last are two more.
WORDS, LONGEST = 9, 52


class MicroBert(nn.Module):
    def __init__(self, geometry, dropout):
        super().__init__()
        width = geometry["width"]
        self.words = nn.Embedding(geometry["vocabulary"], width)
        self.places = nn.Embedding(geometry["length"], width)
        self.norm = nn.LayerNorm(width)
        layer = nn.TransformerEncoderLayer(width, geometry["heads"], geometry["hidden"], dropout, "gelu", batch_first=True)
        self.layers = nn.TransformerEncoder(layer, geometry["layers"], enable_nested_tensor=False)
        self.pool = nn.Linear(width, width)
        self.head = nn.Linear(width, geometry["classes"])
        self.dropout = nn.Dropout(dropout)

    def forward(self, numbers):
        places = torch.arange(numbers.shape[1])
        x = self.dropout(self.norm(self.words(numbers) + self.places(places)))
        x = self.layers(x, src_key_padding_mask=numbers == 0)
        return self.head(torch.tanh(self.pool(x[:, 0])))


def build(config):
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    torch.manual_seed(config["seed"])
    model = MicroBert(geometry, recipe["dropout"])
    optimizer = torch.optim.AdamW(
        model.parameters(), recipe["learning_rate"], tuple(recipe["betas"]), recipe["epsilon"], recipe["weight_decay"])
    sentences, length = 10_000, geometry["length"]
    numbers = torch.randint(4, geometry["vocabulary"], (sentences, length))
    lengths = (torch.empty(sentences).exponential_(1 / WORDS) + 3).clamp_(max=LONGEST + 2)
    numbers[torch.arange(length) >= lengths[:, None]] = 0
    labels = torch.randint(geometry["classes"], (sentences,))

    def step():
        chosen = torch.randint(sentences, (batch,))
        optimizer.zero_grad()
        loss = F.cross_entropy(model(numbers[chosen]), labels[chosen])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
