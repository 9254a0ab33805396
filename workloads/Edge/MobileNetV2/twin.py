"""mobilenetv2-train in plain PyTorch."""
from torch import nn

from Edge.pictures import build_classifier


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, expansion, stride):
        super().__init__()
        between = inputs * expansion
        expand = [nn.Conv2d(inputs, between, 1, bias=False), nn.BatchNorm2d(between), nn.ReLU6()] if expansion > 1 else []
        self.layers = nn.Sequential(
            *expand,
            nn.Conv2d(between, between, 3, stride=stride, padding=1, groups=between, bias=False), nn.BatchNorm2d(between), nn.ReLU6(),
            nn.Conv2d(between, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
        self.adds_input = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.layers(x) if self.adds_input else self.layers(x)


def network(geometry):
    channels, blocks = geometry["stem"], []
    for expansion, outputs, count, stride in zip(*(geometry[key] for key in ("expansions", "channels", "blocks", "strides"))):
        for i in range(count):
            blocks.append(InvertedResidual(channels, outputs, expansion, stride if i == 0 else 1))
            channels = outputs
    return nn.Sequential(
        nn.Conv2d(3, geometry["stem"], 3, padding=1, bias=False), nn.BatchNorm2d(geometry["stem"]), nn.ReLU6(),
        *blocks,
        nn.Conv2d(channels, geometry["head"], 1, bias=False), nn.BatchNorm2d(geometry["head"]), nn.ReLU6(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(geometry["head"], geometry["classes"]))


def build(config):
    return build_classifier(config, network(config["geometry"]))
