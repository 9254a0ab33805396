"""nano-rag-train in plain PyTorch: an encoder by in-batch negatives and a decoder by its answers, with texts padded to one length."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from Cloud.NanoGpt.twin import Model, Muon, adamw, geometry_of

# Tokens of a question, a passage and an answer with its end, on average, and questions about the passage of a text of the decoder.
QUESTION, PASSAGE, WRITTEN, ASKED, TEMPERATURE = 18, 28, 2, 4, 0.05


class Encoder(nn.Module):
    def __init__(self, geometry):
        super().__init__()
        width = int(geometry["width"])
        self.words = nn.Embedding(int(geometry["vocabulary"]), width)
        self.places = nn.Embedding(int(geometry["text"]), width)
        self.norm = nn.LayerNorm(width)
        layer = nn.TransformerEncoderLayer(width, int(geometry["heads"]), 4 * width, 0.0, "gelu", batch_first=True)
        self.layers = nn.TransformerEncoder(layer, int(geometry["encoder_layers"]), enable_nested_tensor=False)
        self.head = nn.Linear(width, width)

    def forward(self, tokens):
        padding = tokens == 0
        x = self.norm(self.words(tokens) + self.places(torch.arange(tokens.shape[1])))
        x = self.layers(x, src_key_padding_mask=padding).masked_fill(padding.unsqueeze(2), 0)
        mean = x.sum(1) / (~padding).sum(1, keepdim=True)
        return F.normalize(self.head(mean), dim=1)


class Rag(nn.Module):
    def __init__(self, geometry):
        super().__init__()
        self.encoder = Encoder(geometry)
        self.decoder = Model(*geometry_of({"geometry": geometry}))

    def loss(self, questions, passages, text, written):
        scores = self.encoder(questions) @ self.encoder(passages).t() / TEMPERATURE
        found = F.cross_entropy(scores, torch.arange(len(questions)))
        x = self.decoder.tokens(text) + self.decoder.positions(torch.arange(text.size(1)))
        for layer in self.decoder.layers:
            x = layer(x)
        logits = F.linear(self.decoder.norm(x[:, written - 1]), self.decoder.tokens.weight)
        return found + F.cross_entropy(logits.flatten(0, 1), text[:, written].flatten())


def build(config):
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    torch.manual_seed(config["seed"])
    model = Rag(geometry)
    optimizer = Muon(model, recipe) if recipe["optimizer"] == "muon" else adamw(model.parameters(), recipe)
    vocabulary = int(geometry["vocabulary"])
    group, texts = int(geometry["group"]), -(-batch // int(geometry["rows_per_text"]))
    length = PASSAGE + ASKED * (QUESTION + 1 + WRITTEN)
    written = torch.cat([torch.arange(end - WRITTEN, end) for end in range(length, PASSAGE, -(QUESTION + 1 + WRITTEN))])

    def step():
        questions, passages, text = (
            torch.randint(6, vocabulary, shape)
            for shape in ((group * batch, QUESTION), (group * batch, PASSAGE), (texts, length)))
        loss = model.loss(questions, passages, text, written)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if recipe["clip_norm"] > 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
