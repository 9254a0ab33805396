"""The second half of original.py: norms, adapters, drafts, merging, books and monitors."""
import collections
import hashlib
import math
import time

import numpy as np

rng = np.random.default_rng(42)


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def rms_norm(rows):
    x, residual, weight = normal(rows, 256), normal(rows, 256), np.ones(256, np.float32)

    def forward():
        z = x + residual
        return z / np.sqrt(np.mean(z ** 2, axis=-1, keepdims=True) + 1e-6) * weight, z

    return forward


def lora():
    x, y, w, a, b = normal(8, 256), normal(8, 256), normal(256, 256), normal(256, 16), normal(16, 256)
    norms = []

    def apply():
        delta = x @ a @ b * 2.0
        norms.append(float(np.linalg.norm(delta)))
        return y + delta

    def merge():
        return {"q_proj": (w + a @ b * 2.0).astype(np.float32)}

    adapters = [(normal(256, 16), normal(16, 256), 2.0) for _ in range(3)]

    def compose(weights):
        total = np.zeros((8, 256), np.float32)
        for weight, (one, other, scale) in zip(weights, adapters):
            total += weight * (x @ one @ other * scale)
        return total

    return apply, merge, lambda: compose((0.5, 0.3, 0.2)), lambda: compose((1 / 3,) * 3)


def medusa():
    hidden, heads, targets = normal(256), [normal(256, 2000) / 16 for _ in range(4)], normal(4, 2000)

    def draft():
        paths, tokens, probability = [], [], 1.0
        for head in heads:
            p = softmax(hidden @ head)
            best = int(np.argmax(p))
            tokens = tokens + [best]
            probability *= float(p[best])
            paths.append((tokens, probability))
        return paths

    def verify(tokens=(1, 2, 3, 4)):
        for accepted, token in enumerate(tokens):
            if int(np.argmax(targets[accepted])) != token:
                return accepted
        return len(tokens)

    return draft, verify


def eagle():
    hidden, step, head = normal(256), normal(256, 256) / 16, normal(256, 2000) / 16

    def draft():
        state, out = hidden, []
        for _ in range(5):
            state = np.tanh(state @ step)
            out.append((int(np.argmax(state @ head)), state))
        return out

    last = draft()[-1][1]

    def verify():
        state = np.tanh(hidden @ step)
        cosine = float(np.dot(state, last) / (np.linalg.norm(state) * np.linalg.norm(last)))
        return cosine > 0.7, int(np.argmax(state @ head))

    return draft, verify


def prefixes():
    entries, k, v = {}, normal(2, 16, 64), normal(2, 16, 64)
    present, absent = list(range(16)), list(range(100, 120))

    def key(tokens):
        return hashlib.sha256(np.array(tokens, np.int64).tobytes()).hexdigest()

    def put():
        entries[key(present)] = [k, v, 0, time.monotonic()]

    def get(tokens):
        entry = entries.get(key(tokens))
        if entry is not None:
            entry[2], entry[3] = entry[2] + 1, time.monotonic()
        return entry

    put()
    return put, lambda: get(present), lambda: get(absent)


def healer():
    words = ["def", " my", " is", "_va", "_value", "r", "=", " x", "return", "\n"]
    prompt, completion = [0, 1, 3], [4, 6]

    def overlap():
        best = (0, "")
        for count in range(1, min(4, len(prompt)) + 1):
            text = "".join(words[token] for token in prompt[-count:])
            if any(len(word) > len(text) and word.startswith(text) for word in words):
                best = (count, text)
        return best

    def heal():
        count, _ = overlap()
        return prompt[:len(prompt) - count] + completion

    return heal, overlap


def merger():
    a, b = normal(256, 256), normal(256, 256)

    def slerp(t=0.5):
        x, y = a.ravel(), b.ravel()
        lengths = np.linalg.norm(x), np.linalg.norm(y)
        cosine = float(np.clip(np.dot(x / lengths[0], y / lengths[1]), -1, 1))
        angle = math.acos(cosine)
        return ((math.sin((1 - t) * angle) * x + math.sin(t * angle) * y) / math.sin(angle)).reshape(a.shape)

    return slerp, lambda: {"q": slerp(), "v": slerp()}


def scheduler():
    running, waiting, known = collections.OrderedDict((id, {"id": id}) for id in range(8)), collections.deque(), {}

    def step():
        while waiting and len(running) < 8:
            request = waiting.popleft()
            running[request["id"]] = request
        return [running[id] for id in running]

    def submit():
        request = {"id": 8, "prompt": list(range(16)), "new": 32, "state": "waiting"}
        known[8] = request
        waiting.append(request)
        known.pop(waiting.pop()["id"])

    return step, submit


def vectors():
    one, many, states, mask = normal(512), normal(32, 512), normal(8, 32, 256), np.ones((8, 32), np.float32)

    def embed():
        cut = one.astype(np.float32)[:64]
        return cut / np.linalg.norm(cut)

    def batch():
        cut = many.astype(np.float32)[:, :256]
        return cut / np.maximum(np.linalg.norm(cut, axis=1, keepdims=True), 1e-10)

    def pool():
        mean = (states * mask[..., None]).sum(1) / np.maximum(mask.sum(1, keepdims=True), 1)
        return mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)

    return embed, batch, pool


def perplexity():
    logits, targets, window = normal(16, 1000), np.arange(16), collections.deque(maxlen=50)

    def recent():
        return math.exp(sum(math.log(value) for value in window) / len(window))

    def record():
        x = logits.astype(np.float64)
        top = x.max(1, keepdims=True)
        log = x - top - np.log(np.exp(x - top).sum(1, keepdims=True))
        window.append(math.exp(float(-log[np.arange(16), targets].mean())))
        return recent() > 15

    for _ in range(50):
        record()
    return record, recent


def calibration():
    batch = normal(16, 32)
    seen, largest, squares = collections.deque(maxlen=1015), np.zeros(32, np.float32), np.zeros(32, np.float32)

    def record():
        magnitudes = np.abs(batch)
        np.maximum(largest, magnitudes.max(0), out=largest)
        squares[:] += (magnitudes ** 2).sum(0)
        seen.append(magnitudes)

    few, many = np.abs(batch), [np.abs(batch)] * 1015
    return (record, lambda: np.percentile(np.concatenate([few]), 99.9, axis=0) / 127,
            lambda: np.percentile(np.concatenate(many), 99.9, axis=0) / 127)


def vision():
    tokens, attention = normal(50, 768), normal(50)

    def by_attention():
        return tokens[np.sort(np.argpartition(attention, -25)[-25:])]

    return by_attention


def distillation(positions):
    draft, target, total = normal(positions, 1000), normal(positions, 1000), np.zeros(1000)

    def record():
        p, q = softmax(target / 2), softmax(draft / 2)
        total[:] += (q - p).sum(0)
        return float((p * (np.log(p + 1e-12) - np.log(q + 1e-12))).sum(-1).mean())

    return record, lambda: (-1e-3 * (total / 515)).astype(np.float32)


def operations():
    apply, merge, weighted, equal = lora()
    draft, verify = medusa()
    chain, cosine = eagle()
    put, hit, miss = prefixes()
    heal, overlap = healer()
    slerp, merge_both = merger()
    step, submit = scheduler()
    embed, batch, pool = vectors()
    record, recent = perplexity()
    calibrate, few, many = calibration()
    one, delta = distillation(1)
    return {
        "rms-norm forward-16": rms_norm(16), "rms-norm forward-64": rms_norm(64), "rms-norm add-and-normalise-16": rms_norm(16),
        "lora-inference apply": apply, "lora-inference merge": merge,
        "lora-composer forward-weighted": weighted, "lora-composer forward-equal": equal,
        "medusa draft": draft, "medusa draft-path": draft, "medusa verify": verify,
        "eagle draft-step-features": chain, "eagle verify-step-cosine": cosine,
        "prefix-pool put": put, "prefix-pool get-hit": hit, "prefix-pool get-miss": miss,
        "token-healer heal": heal, "token-healer find-suffix-overlap": overlap,
        "model-merger slerp": slerp, "model-merger merge": merge_both,
        "scheduler step-batch": step, "scheduler submit": submit,
        "matryoshka embed": embed, "matryoshka batch-embed": batch, "batch-embedder pool-mean": pool,
        "perplexity record": record, "perplexity recent": recent,
        "scale-calibration record": calibrate, "scale-calibration compute-scales": few, "scale-calibration compute-scales-16240": many,
        "vision-compressor compress-attention": vision(),
        "distillation record-step-1": one, "distillation record-step-8": distillation(8)[0], "distillation compute-delta": delta,
    }
