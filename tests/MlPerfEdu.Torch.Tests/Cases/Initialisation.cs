using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Initialisation
{
    public static CaseTable Table { get; } = new("init")
    {
        { "zeros_", i => init.zeros_(i["w"]) },
        { "ones_", i => init.ones_(i["w"]) },
        { "constant_", i => init.constant_(i["w"], 0.3) },
        { "eye_", i => init.eye_(i["w"]) },
        { "uniform_", i => init.uniform_(i["w"], -0.2, 0.4) },
        { "normal_", i => init.normal_(i["w"], 0.5, 0.02) },
        { "trunc_normal_", i => init.trunc_normal_(i["w"], 0.0, 0.5, -1.0, 1.0) },
        { "xavier_uniform_", i => init.xavier_uniform_(i["w"]), i => init.glorot_uniform_(i["w"]) },
        { "xavier_uniform_gain", i => init.xavier_uniform_(i["w"], 2.0) },
        { "xavier_normal_", i => init.xavier_normal_(i["w"]), i => init.glorot_normal_(i["w"]) },
        { "orthogonal_", i => init.orthogonal_(i["w"], 2.0) },
        { "calculate_gain", _ => Gains() },
        { "fans", i => Fans(init.CalculateFanInAndFanOut(i["w"])) },
        { "kaiming_uniform_", i => init.kaiming_uniform_(i["w"]) },
        { "kaiming_uniform_filter", i => init.kaiming_uniform_(i["w"], Math.Sqrt(5)) },
        { "kaiming_normal_", i => init.kaiming_normal_(i["w"]) },
        {
            "kaiming_normal_fan_out",
            i => init.kaiming_normal_(i["w"], mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU)
        },
    };

    private static double[] Gains() =>
    [
        init.calculate_gain(init.NonlinearityType.ReLU),
        init.calculate_gain(init.NonlinearityType.LeakyReLU, 0.1),
        init.calculate_gain(init.NonlinearityType.Tanh),
    ];

    private static long[] Fans((long In, long Out) fans) => [fans.In, fans.Out];
}
