"""The rows of serving.yaml the way the original computes them: NumPy, call by call, rewritten from a description of what it does.

Asked for an operation on a line of its input ("flash-decode decode-64"), it answers with the mean seconds of a call; a row that is not
written here gets "-". `kernels run --beside python3` asks in turn with its own measurements.
"""
import sys
import time

import numpy as np

import original_parts

CALLS, SECONDS = 5, 0.05
rng = np.random.default_rng(42)


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def fp8(mantissa, largest):
    """Rounds each row to a logarithmic grid, then to 127 even steps below the row's largest."""
    x = normal(128, 128)

    def encode():
        codes, scales = np.zeros(x.size, np.uint8), []
        for row in range(128):
            v = np.where(np.isfinite(x[row]), x[row], 0.0)
            amax = float(np.max(np.abs(v)))
            scale = amax / largest if amax > 0 else 1.0
            scaled = np.clip(v / scale, -largest, largest)
            sign, magnitude = scaled < 0, np.abs(scaled)
            exponent = np.floor(np.log2(np.maximum(magnitude, 1e-30)))
            step = 2.0 ** (exponent - mantissa)
            grid = np.minimum(np.round(magnitude / step) * step, largest)
            code = np.clip((grid / largest * 127).astype(np.int32), 0, 127) | (sign.astype(np.int32) << 7)
            codes[row * 128:(row + 1) * 128] = code.astype(np.uint8)
            scales.append(scale)
        return codes, np.array(scales, np.float32)

    codes, scales = encode()

    def decode():
        out = np.zeros(codes.size, np.float32)
        for row in range(128):
            part = codes[row * 128:(row + 1) * 128]
            magnitude = (part & 0x7F).astype(np.float32) / 128 * largest
            out[row * 128:(row + 1) * 128] = np.where(part >> 7, -magnitude, magnitude) * scales[row]
        return out.reshape(128, 128)

    return encode, decode


def mx():
    """Tiles of 32 with a power of two each, and three even steps."""
    x = normal(128, 128)

    def encode():
        flat, tiles = x.ravel(), []
        for start in range(0, flat.size, 32):
            tile = flat[start:start + 32]
            amax = float(np.max(np.abs(tile)))
            exponent = int(np.floor(np.log2(amax))) if amax > 0 else 0
            levels = np.round(np.clip(np.abs(tile) / 2.0 ** exponent, 0, 1) * 3).astype(np.int32)
            tiles.append((min(max(exponent + 127, 0), 254), (levels | ((tile < 0).astype(np.int32) << 2)).astype(np.uint8)))
        return tiles

    tiles = encode()

    def decode():
        out = np.zeros(x.size, np.float32)
        for index, (exponent, codes) in enumerate(tiles):
            magnitude = (codes & 3).astype(np.float32) / 3 * 2.0 ** (exponent - 127)
            out[index * 32:(index + 1) * 32] = np.where(codes >> 2, -magnitude, magnitude)
        return out.reshape(x.shape)

    return encode, decode


def flash_decode(length):
    q, k, v = normal(8, 64), normal(8, length, 64), normal(8, length, 64)

    def call():
        chunk, parts = -(-length // 8), []
        for start in range(0, length, chunk):
            out, lse = np.zeros((8, 64), np.float32), np.zeros(8, np.float32)
            for head in range(8):
                scores = k[head, start:start + chunk] @ q[head] * 0.125
                top = scores.max()
                e = np.exp(scores - top)
                total = e.sum()
                out[head], lse[head] = (e / total) @ v[head, start:start + chunk], top + np.log(total)
            parts.append((out, lse))
        lses = np.stack([lse for _, lse in parts])
        weights = np.exp(lses - lses.max(axis=0))
        weights /= weights.sum(axis=0)
        return sum(w[:, None] * out for w, (out, _) in zip(weights, parts))

    return call


def paged(tokens):
    keys, values = np.zeros((256, 2, 16, 64), np.float32), np.zeros((256, 2, 16, 64), np.float32)
    key, value, state = normal(2, 64), normal(2, 64), {"blocks": [], "length": 0, "free": set(range(256))}

    def append():
        if state["length"] == 542:
            state["free"].update(state["blocks"])
            state.update(blocks=[], length=0)
        blocks, slot = list(state["blocks"]), state["length"] % 16
        if slot == 0:
            blocks.append(state["free"].pop())
            state["blocks"] = blocks
        keys[blocks[-1], :, slot], values[blocks[-1], :, slot] = key, value
        state["length"] += 1

    def gather():
        out_k, out_v = np.empty((2, tokens, 64), np.float32), np.empty((2, tokens, 64), np.float32)
        for index, start in enumerate(range(0, tokens, 16)):
            count = min(16, tokens - start)
            out_k[:, start:start + count], out_v[:, start:start + count] = keys[index, :, :count], values[index, :, :count]
        return out_k, out_v

    return append, gather


def grouped(q, k, v):
    k, v = np.repeat(k, 4, axis=0), np.repeat(v, 4, axis=0)
    return np.matmul(softmax(np.matmul(q, k.transpose(0, 2, 1)) * 0.125), v)


def gqa():
    keys, values, key, value, state = np.zeros((2, 512, 64), np.float32), np.zeros((2, 512, 64), np.float32), normal(2, 64), normal(2, 64), [0]
    q, k, v = normal(8, 1, 64), normal(2, 32, 64), normal(2, 32, 64)

    def append():
        keys[:, state[0]], values[:, state[0]] = key, value
        state[0] = (state[0] + 1) % 512

    return append, lambda: grouped(q, k, v)


def sliding():
    keys, values, key, value, state = normal(2, 128, 64), normal(2, 128, 64), normal(2, 64), normal(2, 64), [5]
    q = normal(8, 1, 64)

    def append():
        keys[:, state[0] % 128], values[:, state[0] % 128] = key, value
        state[0] += 1

    def attend():
        order = np.arange(state[0], state[0] + 128) % 128
        return grouped(q, keys[:, order], values[:, order])

    return append, attend


def rope():
    x = normal(512, 4, 64)

    def frequencies():
        base = 10000.0 * 8.0 ** (64 / 62)
        return np.outer(np.arange(512, dtype=np.float64), base ** (-np.arange(0, 64, 2, dtype=np.float64) / 64))

    def apply():
        angles = frequencies()
        cos = np.concatenate([np.cos(angles)] * 2, axis=-1).astype(np.float32)[:, None]
        sin = np.concatenate([np.sin(angles)] * 2, axis=-1).astype(np.float32)[:, None]
        return x * cos + np.concatenate([-x[..., 32:], x[..., :32]], axis=-1) * sin

    return frequencies, apply


def sparsity():
    x, small, seen = normal(16, 256), [0] * 4, [0] * 4

    def record():
        small[0] += int(np.sum(np.abs(x) < 0.01))
        seen[0] += x.size

    def gate():
        mask = np.abs(x) >= 0.01
        return x * mask, float(mask.mean())

    return record, lambda: {layer: max(0.0, small[layer] / max(seen[layer], 1)) for layer in range(4)}, gate


def operations():
    encode4, decode4 = fp8(3, 448.0)
    encode5, _ = fp8(2, 57344.0)
    encode_mx, decode_mx = mx()
    append, gather = paged(32)
    gqa_append, gqa_attend = gqa()
    window_append, window_attend = sliding()
    frequencies, apply = rope()
    record, calibrate, gate = sparsity()
    return {
        "fp8 encode-e4m3": encode4, "fp8 decode-e4m3": decode4, "fp8 encode-e5m2": encode5,
        "mx encode-mxfp4": encode_mx, "mx decode-mxfp4": decode_mx, "mx encode-mx4": encode_mx, "mx decode-mx4": decode_mx,
        "flash-decode decode-512": flash_decode(512), "flash-decode decode-64": flash_decode(64),
        "paged-kv append": append, "paged-kv gather": gather, "paged-kv gather-542": paged(542)[1],
        "gqa append": gqa_append, "gqa attend": gqa_attend,
        "sliding-window append": window_append, "sliding-window attend": window_attend,
        "rope frequencies": frequencies, "rope apply": apply,
        "act-sparsity record": record, "act-sparsity calibrate": calibrate, "act-sparsity gate": gate,
    }


def seconds(call):
    """The mean of a few dozen calls, as the original takes it."""
    calls, start = 0, time.perf_counter()
    while calls < CALLS or time.perf_counter() - start < SECONDS:
        call()
        calls += 1
    return (time.perf_counter() - start) / calls


if __name__ == "__main__":
    known = operations() | original_parts.operations()
    for line in sys.stdin:
        operation = known.get(line.strip())
        print("-" if operation is None else repr(seconds(operation)), flush=True)
