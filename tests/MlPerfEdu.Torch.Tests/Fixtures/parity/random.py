"""The same seed gives the same numbers, bit for bit."""

import torch

from .group import Group
from .inputs import given, randn, uniform

group = Group("random")


def op(name, call, **inputs):
    group.op(name, call, exact=True, **inputs)


op("rand", "torch.rand(3, 5)")
op("rand_double", "torch.rand(5, dtype=torch.float64)")
op("randn_few", "torch.randn(2, 3)")
op("randn_many", "torch.randn(7, 9)")
op("randn_double", "torch.randn(20, dtype=torch.float64)")
op("randint", "torch.randint(10, (12,))")
op("randint_from", "torch.randint(-5, 5, (12,))")
op("randperm", "torch.randperm(13)")
op("rand_like", "torch.rand_like(x)", x=randn(2, 3))
op("randn_like", "torch.randn_like(x)", x=randn(4, 5))
op("bernoulli", "torch.bernoulli(x)", x=uniform(0, 1, 20).const())
op("multinomial", "torch.multinomial(x, 3)", x=uniform(0.1, 1, 2, 6).const())
op("multinomial_replaced", "torch.multinomial(x, 12, replacement=True)", x=given([0.1, 0.2, 0.7]).const())
op("normal_", "torch.zeros(20).normal_(1.0, 2.0)")
op("uniform_", "torch.zeros(20).uniform_(-1.0, 2.0)")
op("bernoulli_", "torch.zeros(20).bernoulli_(0.3)")
op("exponential_", "torch.zeros(20).exponential_(2.0)")
op("dropout", "F.dropout(x, 0.4)", x=randn(4, 8))
op("stream_goes_on", "(torch.rand(3), torch.randn(17), torch.randperm(4), torch.rand(1))")
op("normal_factory", "torch.normal(0.5, 2.0, (20,))")
op("log_normal_", "torch.zeros(8).log_normal_(0.5, 0.25)")
op("geometric_", "torch.zeros(8).geometric_(0.3)")
op("random_", "torch.zeros(8).random_(2, 9)")
op("randint_like", "torch.randint_like(x, 2, 9)", x=randn(5).const())
op("poisson", "torch.poisson(x)", x=uniform(0.5, 4, 8).const())
op("normal_of_tensors", "torch.normal(x, y)", x=randn(5).const(), y=uniform(0.5, 2, 5).const())
op("bernoulli_of_tensor_", "torch.zeros(8).bernoulli_(x)", x=uniform(0, 1, 8).const())
op("randint_scalar", "torch.randint(0, 1000, ()).item()")
