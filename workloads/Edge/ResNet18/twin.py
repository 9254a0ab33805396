"""resnet18-train in plain PyTorch."""
from torch import nn

from Edge.pictures import build_classifier


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return nn.functional.relu(self.layers(x) + self.shortcut(x))


def build(config):
    geometry = config["geometry"]
    channels, blocks = geometry["stages"][0], []
    stem = [nn.Conv2d(3, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
    for stage, outputs in enumerate(geometry["stages"]):
        for i in range(geometry["blocks_per_stage"]):
            blocks.append(ResidualBlock(channels, outputs, 2 if stage > 0 and i == 0 else 1))
            channels = outputs
    return build_classifier(config, nn.Sequential(
        *stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, geometry["classes"])))
