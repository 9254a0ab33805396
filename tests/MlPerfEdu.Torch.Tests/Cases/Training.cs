using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace MlPerfEdu.Torch.Tests.Cases;

/// <summary>The optimizer and the schedule of a trajectory.</summary>
internal sealed record Recipe(Func<Parameter[], Optimizer> Optimizer, Func<Optimizer, LRScheduler>? Schedule = null);

internal static class Training
{
    private static readonly Func<Parameter[], Optimizer> PlainSgd = p => SGD(p, 0.1);

    public static IReadOnlyDictionary<string, Recipe> Recipes { get; } = new Dictionary<string, Recipe>
    {
        ["sgd"] = new(PlainSgd),
        ["sgd_momentum"] = new(p => SGD(p, 0.05, momentum: 0.9)),
        ["sgd_nesterov_decay"] = new(p => SGD(p, 0.05, momentum: 0.9, weight_decay: 0.01, nesterov: true)),
        ["adam"] = new(p => Adam(p, lr: 0.02)),
        ["adam_decay"] = new(p => Adam(p, lr: 0.01, weight_decay: 5e-4)),
        ["adam_amsgrad"] = new(p => Adam(p, lr: 0.02, amsgrad: true)),
        ["adamw"] = new(p => AdamW(p, lr: 0.02, weight_decay: 0.01)),
        ["adamw_betas"] = new(p => AdamW(p, lr: 0.02, beta1: 0.8, beta2: 0.95, eps: 1e-6, weight_decay: 0.1)),
        ["adamw_groups"] = new(Grouped),
        ["rmsprop"] = new(p => RMSProp(p)),
        ["rmsprop_centered_momentum"] = new(p => RMSProp(p, alpha: 0.9, momentum: 0.8, centered: true)),
        ["rmsprop_decay"] = new(p => RMSProp(p, lr: 0.02, eps: 1e-6, weight_decay: 0.01)),
        ["rmsprop_groups"] = new(p => RMSProp(
            [
                new RMSProp.ParamGroup { Parameters = p[..2], Options = new() { LearningRate = 0.05 } },
                new RMSProp.ParamGroup { Parameters = p[2..], Options = new() { momentum = 0.5 } },
            ],
            lr: 0.01)),
        ["adagrad"] = new(p => Adagrad(p, lr: 0.1)),
        ["adagrad_decay"] = new(p => Adagrad(p, lr: 0.1, lr_decay: 0.1, weight_decay: 0.01, initial_accumulator_value: 0.1)),
        ["adagrad_groups"] = new(p => Adagrad(
            [
                new Adagrad.ParamGroup { Parameters = p[..2], Options = new() { LearningRate = 0.05 } },
                new Adagrad.ParamGroup { Parameters = p[2..], Options = new() { lr_decay = 0.3 } },
            ],
            lr: 0.1)),
        ["adam_maximize"] = new(p => Adam(p, lr: 0.01, maximize: true)),
        ["adamw_clipped"] = new(p => AdamW(p, lr: 0.02, weight_decay: 0.01)),
        ["sgd_clipped_seldom"] = new(PlainSgd),
        ["step_lr"] = new(PlainSgd, o => StepLR(o, 3, 0.5)),
        ["multi_step_lr"] = new(PlainSgd, o => MultiStepLR(o, [2, 5], 0.1)),
        ["exponential_lr"] = new(PlainSgd, o => ExponentialLR(o, 0.8)),
        ["cosine_lr"] = new(p => AdamW(p, lr: 0.1, weight_decay: 0.01), o => CosineAnnealingLR(o, 10, 0.01)),
        ["cosine_lr_past_the_end"] = new(PlainSgd, o => CosineAnnealingLR(o, 4)),
        ["lambda_lr"] = new(PlainSgd, o => LambdaLR(o, epoch => 1.0 / (1 + epoch))),
        ["linear_lr"] = new(PlainSgd, o => LinearLR(o, 0.25, 1.0, 4)),
        ["constant_lr"] = new(PlainSgd, o => ConstantLR(o, 0.5, 4)),
        ["polynomial_lr"] = new(PlainSgd, o => PolynomialLR(o, 6, 2.0)),
        ["multiplicative_lr"] = new(PlainSgd, o => MultiplicativeLR(o, _ => 0.9)),
        ["chained_lr"] = new(PlainSgd, o => ChainedLR([ConstantLR(o, 0.5, 3), ExponentialLR(o, 0.9)])),
        ["one_cycle_lr"] = new(p => SGD(p, 0.1, momentum: 0.9), o => OneCycleLR(o, 0.2, total_steps: 12)),
        ["sequential_lr"] = new(PlainSgd, o => SequentialLR(o, [LinearLR(o, 0.25, 1.0, 3), CosineAnnealingLR(o, 7)], [3])),
    };

    private static AdamW Grouped(Parameter[] p) => AdamW(
        [
            new AdamW.ParamGroup { Parameters = p[..2], Options = new() { LearningRate = 0.05 } },
            new AdamW.ParamGroup { Parameters = p[2..], Options = new() { weight_decay = 0.2 } },
        ],
        lr: 0.01,
        weight_decay: 0);
}
