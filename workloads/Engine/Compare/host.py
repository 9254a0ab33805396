"""Runs one twin for `compare pytorch`: after its configuration it reads numbers of steps, and answers with the seconds they took.

Every answer is one line of JSON. Whatever a twin prints goes to the error stream, so that it does not mix with the answers.
"""
import ctypes
import gc
import importlib.util
import json
import os
import queue
import sys
import threading
import time


def main():
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    config = json.loads(sys.stdin.readline())
    requests = queue.SimpleQueue()
    threading.Thread(target=read, args=(requests,), daemon=True).start()

    import torch
    from torch import nn

    torch.set_num_threads(config["threads"])
    torch.manual_seed(config["seed"])
    before = parameters(nn)
    step = load(sys.argv[1]).build(config)
    # Loads what matrix products need, and makes lazy parameters.
    step()
    answer(answers, torch=torch.__version__, threads=torch.get_num_threads(), blas=blas(torch), parameters=parameters(nn) - before)
    while True:
        count = requests.get()
        began = time.perf_counter()
        for _ in range(count):
            step()
        answer(answers, seconds=time.perf_counter() - began)


def read(requests):
    """A thread of its own, so that the end of the program that asks ends this one, even within a step."""
    for line in sys.stdin:
        requests.put(int(line))
    os._exit(0)


def load(path):
    # Twins may import each other as Suite.Folder.twin.
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(path)))))
    spec = importlib.util.spec_from_file_location("twin", path)
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    sys.modules["twin"] = module
    spec.loader.exec_module(module)
    return module


def answer(answers, **values):
    print(json.dumps(values), file=answers, flush=True)


def parameters(nn):
    # Those that are trained, as workloads.yaml counts them.
    return sum(found.numel() for found in gc.get_objects() if isinstance(found, nn.Parameter) and found.requires_grad)


class Symbol(ctypes.Structure):
    _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_void_p), ("name", ctypes.c_char_p), ("address", ctypes.c_void_p)]


def blas(torch):
    """The library that single-precision matrix products come from; None where the loader does not tell."""
    library = os.path.join(os.path.dirname(torch.__file__), "lib", "libtorch_cpu.so")
    # What was loaded before everything else comes first, then what libtorch was linked with.
    for scope in (None, library if os.path.exists(library) else os.path.basename(library)):
        try:
            product = ctypes.cast(ctypes.CDLL(scope).sgemm_, ctypes.c_void_p)
            symbol = Symbol()
            if ctypes.CDLL(None).dladdr(product, ctypes.byref(symbol)):
                return os.path.realpath(symbol.file.decode())
        except (AttributeError, OSError, TypeError):
            continue
    return None


if __name__ == "__main__":
    main()
