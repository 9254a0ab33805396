using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Losses
{
    public static CaseTable Table { get; } = Filled();

    private static CaseTable Filled()
    {
        var table = new CaseTable("losses");
        foreach (var reduction in new[] { Reduction.Mean, Reduction.Sum, Reduction.None })
            AddReduced(table, reduction, reduction.ToString().ToLowerInvariant());
        AddOptions(table);
        return table;
    }

    private static void AddReduced(CaseTable table, Reduction r, string name)
    {
        table.Add($"cross_entropy_{name}", i => F.cross_entropy(i["x"], i["y"], reduction: r), i => CrossEntropyLoss(reduction: r).call(i["x"], i["y"]));
        table.Add($"nll_loss_{name}", i => F.nll_loss(F.log_softmax(i["x"], 1), i["y"], reduction: r), i => NLLLoss(reduction: r).call(F.log_softmax(i["x"], 1), i["y"]));
        table.Add($"mse_loss_{name}", i => F.mse_loss(i["x"], i["y"], r), i => MSELoss(r).call(i["x"], i["y"]));
        table.Add($"l1_loss_{name}", i => F.l1_loss(i["x"], i["y"], r), i => L1Loss(r).call(i["x"], i["y"]));
        table.Add($"smooth_l1_loss_{name}", i => F.smooth_l1_loss(i["x"], i["y"], r), i => SmoothL1Loss(r).call(i["x"], i["y"]));
        table.Add($"huber_loss_{name}", i => F.huber_loss(i["x"], i["y"], reduction: r), i => HuberLoss(reduction: r).call(i["x"], i["y"]));
        table.Add($"bce_{name}", i => F.binary_cross_entropy(i["x"], i["y"], reduction: r), i => BCELoss(reduction: r).call(i["x"], i["y"]));
        table.Add($"bce_with_logits_{name}",
            i => F.binary_cross_entropy_with_logits(i["x"], i["y"], reduction: r), i => BCEWithLogitsLoss(reduction: r).call(i["x"], i["y"]));
    }

    private static void AddOptions(CaseTable table)
    {
        table.Add("kl_div", i => F.kl_div(F.log_softmax(i["x"], 1), F.softmax(i["y"], 1), log_target: false, reduction: Reduction.Sum));
        table.Add("kl_div_log_target",
            i => F.kl_div(F.log_softmax(i["x"], 1), F.log_softmax(i["y"], 1)), i => KLDivLoss().call(F.log_softmax(i["x"], 1), F.log_softmax(i["y"], 1)));
        table.Add("cosine_embedding_loss", i => F.cosine_embedding_loss(i["a"], i["b"], i["y"], margin: 0.2));
        table.Add("margin_ranking_loss", i => F.margin_ranking_loss(i["a"], i["b"], i["y"], margin: 0.1));
        table.Add("cross_entropy_weighted",
            i => F.cross_entropy(i["x"], i["y"], i["w"]), i => CrossEntropyLoss(i["w"]).call(i["x"], i["y"]));
        table.Add("cross_entropy_ignores", i => F.cross_entropy(i["x"], i["y"], ignore_index: -1));
        table.Add("cross_entropy_smoothed", i => F.cross_entropy(i["x"], i["y"], label_smoothing: 0.1));
        table.Add("cross_entropy_images", i => F.cross_entropy(i["x"], i["y"]));
        table.Add("cross_entropy_probabilities", i => F.cross_entropy(i["x"], F.softmax(i["y"], 1)));
        table.Add("bce_with_logits_pos_weight", i => F.binary_cross_entropy_with_logits(i["x"], i["y"], pos_weights: i["w"]));
        table.Add("bce_with_logits_far_out", i => F.binary_cross_entropy_with_logits(i["x"], i["y"]));
        table.Add("cross_entropy_ignores_and_smooths",
            i => F.cross_entropy(i["x"], i["y"], ignore_index: 0, label_smoothing: 0.2));
        table.Add("nll_loss_weighted",
            i => F.nll_loss(F.log_softmax(i["x"], 1), i["y"], i["w"]), i => NLLLoss(i["w"]).call(F.log_softmax(i["x"], 1), i["y"]));
        table.Add("smooth_l1_beta", i => F.smooth_l1_loss(i["x"], i["y"], beta: 0.3));
        table.Add("bce_weighted", i => F.binary_cross_entropy(i["x"], i["y"], i["w"]), i => BCELoss(i["w"]).call(i["x"], i["y"]));
        table.Add("kl_div_batchmean",
            i => F.kl_div(F.log_softmax(i["x"], 1), F.softmax(i["y"], 1), log_target: false, reduction: Reduction.Sum) / 3);
        table.Add("huber_delta", i => F.huber_loss(i["x"], i["y"], 0.3));
    }
}
