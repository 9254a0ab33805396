"""One pass over the whole graph in plain PyTorch: dense words, a sparse neighbourhood."""
import torch
from torch import nn
from torch.nn import functional as F

# Cora's, per paper.
WORDS_PER_PAPER, CITATIONS_PER_PAPER, LABELS_PER_CLASS = 18, 2, 20


class GraphConvolution(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs, bias=False)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x, neighbours):
        return torch.sparse.mm(neighbours, self.linear(x)) + self.bias


class MicroGnn(nn.Module):
    def __init__(self, words, hidden, classes, dropout):
        super().__init__()
        widths = [words, *hidden]
        self.convolutions = nn.ModuleList(GraphConvolution(a, b) for a, b in zip(widths, hidden))
        self.head = nn.Linear(hidden[-1], classes)
        self.dropout = dropout

    def forward(self, x, neighbours):
        x = F.dropout(x, self.dropout, self.training)
        for convolution in self.convolutions:
            x = F.dropout(F.relu(convolution(x, neighbours)), self.dropout, self.training)
        return self.head(x)


def neighbourhood(papers):
    cited = torch.randint(papers, (papers * CITATIONS_PER_PAPER,))
    citing = torch.arange(papers).repeat(CITATIONS_PER_PAPER)
    own = torch.arange(papers)
    cells = torch.stack([torch.cat([citing, cited, own]), torch.cat([cited, citing, own])])
    counts = torch.sparse_coo_tensor(cells, torch.ones(cells.shape[1]), (papers, papers)).coalesce()
    rows, columns = counts.indices()
    degrees = torch.bincount(rows, minlength=papers).float()
    return torch.sparse_coo_tensor(counts.indices(), (degrees[rows] * degrees[columns]).rsqrt(), (papers, papers)).coalesce()


def build(config):
    geometry, recipe, papers = config["geometry"], config["recipe"], config["batch"]
    torch.manual_seed(config["seed"])
    model = MicroGnn(geometry["words"], geometry["hidden"], geometry["classes"], recipe["dropout"])
    optimizer = torch.optim.Adam(
        model.parameters(), recipe["learning_rate"], tuple(recipe["betas"]), recipe["epsilon"], recipe["weight_decay"])
    words = torch.zeros(papers, geometry["words"])
    words.scatter_(1, torch.randint(geometry["words"], (papers, WORDS_PER_PAPER)), 1)
    neighbours = neighbourhood(papers)
    labelled = torch.randperm(papers)[: LABELS_PER_CLASS * geometry["classes"]]
    fields = torch.randint(geometry["classes"], labelled.shape)

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(words, neighbours)[labelled], fields)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step
