"""The three nanogpt-decode-…-b16 in plain PyTorch: one token for each of sixteen answers, with a cache that each token is concatenated to."""
import torch

from Cloud.NanoGpt.twin import Model, geometry_of
from Cloud.NanoGptDecode.twin import token_step


def build(config):
    sizes = config["geometry"]
    # Of numbers in 16 bits, PyTorch 1.13 normalises bf16 only; and it has no product of bytes with one scale per row: fp32 beside q8.
    numbers = torch.bfloat16 if "fp16" in config["id"] else torch.float32
    model = Model(*geometry_of(config)).eval().to(numbers)
    return token_step(model, int(sizes["prompt"]) + int(sizes["steps"]) // 2, int(config["batch"]), numbers)
