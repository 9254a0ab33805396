"""A token of an answer in plain PyTorch: the decoder of nanogpt-decode at this one's sizes."""
from Cloud.NanoGptDecode.twin import build

__all__ = ["build"]
