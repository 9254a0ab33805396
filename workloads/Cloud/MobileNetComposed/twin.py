"""mobilenet-cifar100-composed-fp16 in plain PyTorch: the same model answers a picture with 32-bit numbers and dense weights."""
import torch

from Edge.MobileNetV2.twin import network


def build(config):
    model = network(config["trained_geometry"]).eval()
    picture = torch.randn(config["batch"], 3, 32, 32)

    @torch.no_grad()
    def step():
        return model(picture).argmax(1)

    return step
