"""One training step of the forecaster in plain PyTorch: two layers of LSTM and a linear one."""
import torch
from torch import nn
from torch.nn import functional as F

# ETTh1's, to train on.
HOURS = 8640


class MicroLstm(nn.Module):
    def __init__(self, series, hidden, layers, horizon, dropout):
        super().__init__()
        self.lstm = nn.LSTM(series, hidden, layers, batch_first=True, dropout=dropout)
        self.head = nn.Linear(hidden, horizon)

    def forward(self, x):
        last = x[:, -1:]
        states, _ = self.lstm(x - last)
        return self.head(states[:, -1]) + last[:, :, -1]


def build(config):
    geometry, recipe, batch = config["geometry"], config["recipe"], config["batch"]
    window, horizon = geometry["window"], geometry["horizon"]
    torch.manual_seed(config["seed"])
    model = MicroLstm(geometry["series"], geometry["hidden"], geometry["layers"], horizon, recipe["dropout"])
    optimizer = torch.optim.AdamW(
        model.parameters(), recipe["learning_rate"], tuple(recipe["betas"]), recipe["epsilon"], recipe["weight_decay"])
    hours = torch.randn(HOURS, geometry["series"])
    windows = HOURS - window - horizon + 1
    inputs = hours.unfold(0, window, 1)[:windows].transpose(1, 2)
    targets = hours[window:, -1].unfold(0, horizon, 1)

    def step():
        chosen = torch.randint(windows, (batch,))
        optimizer.zero_grad()
        loss = F.mse_loss(model(inputs[chosen]), targets[chosen])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
