"""500 actions and one update from them in plain PyTorch: where the pole falls before the end, another episode begins."""
import math
import random

import torch
from torch import nn
from torch.nn import functional as F


class CartPole:
    def __init__(self, geometry, chance):
        self.g, self.chance = geometry, chance

    def start(self):
        spread = self.g["start_spread"]
        self.state = [self.chance.uniform(-spread, spread) for _ in range(4)]
        return self.state

    def push(self, right):
        g, (position, speed, angle, turn) = self.g, self.state
        total, pole = g["cart_mass"] + g["pole_mass"], g["pole_mass"] * g["half_length"]
        sin, cos = math.sin(angle), math.cos(angle)
        push = ((g["force"] if right else -g["force"]) + pole * turn * turn * sin) / total
        angular = (g["gravity"] * sin - cos * push) / (g["half_length"] * (4 / 3 - g["pole_mass"] * cos * cos / total))
        linear = push - pole * angular * cos / total
        seconds = g["step_seconds"]
        self.state = [position + seconds * speed, speed + seconds * linear, angle + seconds * turn, turn + seconds * angular]
        fallen = abs(self.state[0]) > g["farthest_metres"] or abs(self.state[2]) > math.radians(g["steepest_degrees"])
        return self.state, fallen


def network(hidden, outputs):
    layers, inputs = [], 4
    for width in hidden:
        layers += [nn.Linear(inputs, width), nn.Tanh()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


def build(config):
    geometry, recipe = config["geometry"], config["recipe"]
    torch.manual_seed(config["seed"])
    policy, value = network(geometry["hidden"], 2), network(geometry["hidden"], 1)
    parameters = [*policy.parameters(), *value.parameters()]
    optimizer = torch.optim.AdamW(parameters, recipe["learning_rate"], tuple(recipe["betas"]), recipe["epsilon"], recipe["weight_decay"])
    pole = CartPole(geometry, random.Random(config["seed"]))
    actions_per_step = config["batch"] * geometry["longest_episode"]
    most = sum(recipe["discount"] ** t for t in range(geometry["longest_episode"]))  # that an episode can earn

    def play():
        states, actions, ends = [], [], []
        state = pole.start()
        for _ in range(actions_per_step):
            states.append(state)
            with torch.no_grad():
                action = torch.distributions.Categorical(logits=policy(torch.tensor(state))).sample().item()
            actions.append(action)
            state, fallen = pole.push(action == 1)
            ends.append(fallen)
            if fallen:
                state = pole.start()
        return states, actions, ends

    def step():
        states, actions, ends = play()
        returns, total = [], 0.0
        for fallen in reversed(ends):
            total = 1 + (0.0 if fallen else recipe["discount"] * total)
            returns.append(total / most)
        states, actions, returns = torch.tensor(states), torch.tensor(actions), torch.tensor(returns[::-1])
        optimizer.zero_grad()
        chosen = torch.distributions.Categorical(logits=policy(states)).log_prob(actions)
        values = value(states).squeeze(1)
        advantages = (returns - values).detach()
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        loss = F.mse_loss(values, returns) / 2 - (chosen * advantages).mean()
        loss.backward()
        if recipe["clip_norm"]:
            nn.utils.clip_grad_norm_(parameters, recipe["clip_norm"])
        optimizer.step()
        return loss.item()

    return step
