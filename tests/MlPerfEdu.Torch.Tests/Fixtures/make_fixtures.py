#!/usr/bin/env python3
"""Computes in PyTorch what the tests expect of the TorchSharp in use. See ../README.md."""

import argparse
import importlib
import pathlib

import torch

from parity import encoding

GROUPS = ["pointwise", "reductions", "shapes", "indexing", "factories", "linalg", "functional", "losses",
          "random", "init", "inplace", "special", "modules", "autograd", "errors", "optim"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("groups", nargs="*", default=GROUPS, help="only these (all by default)")
    torch.set_num_threads(1)
    folder = pathlib.Path(__file__).parent
    for name in arguments.parse_args().groups:
        group = importlib.import_module(f"parity.{name}").group
        path = folder / f"{name}.json"
        encoding.write(path, torch.__version__, group.cases)
        print(f"{path.name}: {len(group.cases)} cases, {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
