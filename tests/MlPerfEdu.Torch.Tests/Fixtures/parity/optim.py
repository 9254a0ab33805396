"""Trajectories: ten steps of a small regression, with losses, learning rates and the parameters at the end."""

import zlib

import torch

from . import encoding


class Trajectories:
    def __init__(self):
        self.cases = []

    def run(self, name, optimizer, scheduler="None", clip=None):
        seed = zlib.crc32(name.encode())
        g = torch.Generator().manual_seed(seed)
        draw = lambda *shape: torch.randn(shape, generator=g).mul(1024).round().div(1024)
        x, y = draw(6, 3), draw(6, 1)
        start = [draw(3, 4), draw(4), draw(4, 1)]
        parameters = [p.clone().requires_grad_() for p in start]
        o = eval(optimizer, {"optim": torch.optim, "p": parameters})
        s = eval(scheduler, {"sched": torch.optim.lr_scheduler, "o": o, "optim": torch.optim})
        losses, rates, norms = [], [], []
        for _ in range(10):
            rates.append(o.param_groups[0]["lr"])
            o.zero_grad()
            loss = ((x @ parameters[0] + parameters[1]).tanh() @ parameters[2] - y).square().mean()
            loss.backward()
            if clip:
                norms.append(float(torch.nn.utils.clip_grad_norm_(parameters, clip)))
            o.step()
            losses.append(loss.item())
            if s:
                s.step()
        self.cases.append({
            "name": name, "call": optimizer, "scheduler": scheduler, "seed": seed,
            "in": {k: encoding.tensor(v) for k, v in [("x", x), ("y", y), ("w1", start[0]), ("b1", start[1]), ("w2", start[2])]},
            "clip": clip or 0, "losses": encoding.tensor(torch.tensor(losses)), "rates": encoding.tensor(rates), "norms": encoding.tensor(torch.tensor(norms)),
            "out": [encoding.tensor(p) for p in parameters], "tol": [2e-6, 2e-5]})


group = Trajectories()
run = group.run

run("sgd", "optim.SGD(p, lr=0.1)")
run("sgd_momentum", "optim.SGD(p, lr=0.05, momentum=0.9)")
run("sgd_nesterov_decay", "optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True)")
run("adam", "optim.Adam(p, lr=0.02)")
run("adam_decay", "optim.Adam(p, lr=0.01, weight_decay=5e-4)")
run("adam_amsgrad", "optim.Adam(p, lr=0.02, amsgrad=True)")
run("adamw", "optim.AdamW(p, lr=0.02, weight_decay=0.01)")
run("adamw_betas", "optim.AdamW(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)")
run("adamw_groups", "optim.AdamW([{'params': p[:2], 'lr': 0.05}, {'params': p[2:], 'weight_decay': 0.2}], lr=0.01, weight_decay=0.0)")
run("adamw_clipped", "optim.AdamW(p, lr=0.02, weight_decay=0.01)", clip=0.1)
run("sgd_clipped_seldom", "optim.SGD(p, lr=0.1)", clip=1.0)
run("step_lr", "optim.SGD(p, lr=0.1)", "sched.StepLR(o, 3, 0.5)")
run("multi_step_lr", "optim.SGD(p, lr=0.1)", "sched.MultiStepLR(o, [2, 5], 0.1)")
run("exponential_lr", "optim.SGD(p, lr=0.1)", "sched.ExponentialLR(o, 0.8)")
run("cosine_lr", "optim.AdamW(p, lr=0.1, weight_decay=0.01)", "sched.CosineAnnealingLR(o, 10, 0.01)")
run("cosine_lr_past_the_end", "optim.SGD(p, lr=0.1)", "sched.CosineAnnealingLR(o, 4)")
run("lambda_lr", "optim.SGD(p, lr=0.1)", "sched.LambdaLR(o, lambda e: 1 / (1 + e))")
run("linear_lr", "optim.SGD(p, lr=0.1)", "sched.LinearLR(o, 0.25, 1.0, 4)")
run("constant_lr", "optim.SGD(p, lr=0.1)", "sched.ConstantLR(o, 0.5, 4)")
run("one_cycle_lr", "optim.SGD(p, lr=0.1, momentum=0.9)", "sched.OneCycleLR(o, 0.2, total_steps=12)")
run("sequential_lr", "optim.SGD(p, lr=0.1)", "sched.SequentialLR(o, [sched.LinearLR(o, 0.25, 1.0, 3), sched.CosineAnnealingLR(o, 7)], [3])")
run("polynomial_lr", "optim.SGD(p, lr=0.1)", "sched.PolynomialLR(o, 6, 2.0)")
run("multiplicative_lr", "optim.SGD(p, lr=0.1)", "sched.MultiplicativeLR(o, lambda e: 0.9)")
run("chained_lr", "optim.SGD(p, lr=0.1)", "sched.ChainedScheduler([sched.ConstantLR(o, 0.5, 3), sched.ExponentialLR(o, 0.9)])")
run("rmsprop", "optim.RMSprop(p, lr=0.01)")
run("rmsprop_centered_momentum", "optim.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.8, centered=True)")
run("rmsprop_decay", "optim.RMSprop(p, lr=0.02, eps=1e-6, weight_decay=0.01)")
run("adagrad", "optim.Adagrad(p, lr=0.1)")
run("adagrad_decay", "optim.Adagrad(p, lr=0.1, lr_decay=0.1, weight_decay=0.01, initial_accumulator_value=0.1)")
run("rmsprop_groups", "optim.RMSprop([{'params': p[:2], 'lr': 0.05}, {'params': p[2:], 'momentum': 0.5}], lr=0.01)")
run("adagrad_groups", "optim.Adagrad([{'params': p[:2], 'lr': 0.05}, {'params': p[2:], 'lr_decay': 0.3}], lr=0.1)")
run("adam_maximize", "optim.Adam(p, lr=0.01, maximize=True)")
