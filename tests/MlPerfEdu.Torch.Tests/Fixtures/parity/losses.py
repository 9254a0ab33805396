"""Loss functions, each with its reductions and options."""

import torch

from .group import Group
from .inputs import given, ints, randn, uniform

group = Group("losses")
op = group.op

for reduction in ["mean", "sum", "none"]:
    end = f", reduction='{reduction}')"
    op(f"cross_entropy_{reduction}", "F.cross_entropy(x, y" + end, x=randn(4, 5), y=ints(0, 5, 4))
    op(f"nll_loss_{reduction}", "F.nll_loss(F.log_softmax(x, 1), y" + end, x=randn(4, 5), y=ints(0, 5, 4))
    op(f"mse_loss_{reduction}", "F.mse_loss(x, y" + end, x=randn(4, 3), y=randn(4, 3))
    op(f"l1_loss_{reduction}", "F.l1_loss(x, y" + end, x=randn(4, 3), y=randn(4, 3).const())
    op(f"smooth_l1_loss_{reduction}", "F.smooth_l1_loss(x, y" + end, x=randn(4, 3), y=randn(4, 3).const())
    op(f"huber_loss_{reduction}", "F.huber_loss(x, y" + end, x=randn(4, 3), y=randn(4, 3).const())
    op(f"bce_{reduction}", "F.binary_cross_entropy(x, y" + end, x=uniform(0.1, 0.9, 6), y=uniform(0, 1, 6).const())
    op(f"bce_with_logits_{reduction}", "F.binary_cross_entropy_with_logits(x, y" + end, x=randn(6), y=uniform(0, 1, 6).const())
op("kl_div", "F.kl_div(F.log_softmax(x, 1), F.softmax(y, 1), reduction='sum')", x=randn(3, 4), y=randn(3, 4).const())
op("cross_entropy_weighted", "F.cross_entropy(x, y, weight=w)", x=randn(4, 3), y=ints(0, 3, 4), w=uniform(0.5, 2, 3).const())
op("cross_entropy_ignores", "F.cross_entropy(x, y, ignore_index=-1)", x=randn(4, 3), y=given([0, -1, 2, -1], torch.int64))
op("cross_entropy_smoothed", "F.cross_entropy(x, y, label_smoothing=0.1)", x=randn(4, 3), y=ints(0, 3, 4))
op("cross_entropy_images", "F.cross_entropy(x, y)", x=randn(2, 3, 2, 2), y=ints(0, 3, 2, 2, 2))
op("cross_entropy_probabilities", "F.cross_entropy(x, F.softmax(y, 1))", x=randn(4, 3), y=randn(4, 3).const())
op("bce_with_logits_pos_weight", "F.binary_cross_entropy_with_logits(x, y, pos_weight=w)",
   x=randn(4, 3), y=uniform(0, 1, 4, 3).const(), w=uniform(0.5, 2, 3).const())
op("bce_with_logits_far_out", "F.binary_cross_entropy_with_logits(x, y)", x=given([200.0, -200.0]), y=given([1.0, 0.0]).const())
op("huber_delta", "F.huber_loss(x, y, delta=0.3)", x=randn(5), y=randn(5).const())
op("cosine_embedding_loss", "F.cosine_embedding_loss(a, b, y, margin=0.2)", a=randn(4, 3), b=randn(4, 3), y=given([1, -1, 1, -1], torch.int64))
op("margin_ranking_loss", "F.margin_ranking_loss(a, b, y, margin=0.1)", a=randn(5), b=randn(5), y=given([1.0, -1.0, 1.0, 1.0, -1.0]).const())
op("kl_div_log_target", "F.kl_div(F.log_softmax(x, 1), F.log_softmax(y, 1), log_target=True)", x=randn(3, 4), y=randn(3, 4).const())
op("cross_entropy_ignores_and_smooths", "F.cross_entropy(x, y, ignore_index=0, label_smoothing=0.2)", x=randn(6, 3), y=ints(0, 3, 6))
op("nll_loss_weighted", "F.nll_loss(F.log_softmax(x, 1), y, w)", x=randn(5, 3), y=ints(0, 3, 5), w=uniform(0.5, 2, 3).const())
op("smooth_l1_beta", "F.smooth_l1_loss(x, y, beta=0.3)", x=randn(6), y=randn(6))
op("bce_weighted", "F.binary_cross_entropy(x, y, w)", x=uniform(0.1, 0.9, 6), y=uniform(0, 1, 6).const(), w=uniform(0.5, 2, 6).const())
op("kl_div_batchmean", "F.kl_div(F.log_softmax(x, 1), F.softmax(y, 1), reduction='batchmean')", x=randn(3, 4), y=randn(3, 4).const())
