using MlPerfEdu.Workloads.Tiny.AnomalyAe;
using MlPerfEdu.Workloads.Tiny.DsCnnKws;
using MlPerfEdu.Workloads.Tiny.WakeVisionVww;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Tiny;

public class ModelTests
{
    const float Tolerance = 1e-4f;

    [Fact]
    public void The_keyword_model_gives_the_same_answers_in_both_memory_orders()
    {
        random.manual_seed(1);
        using var model = new DsCnnModel([64, 64, 64, 48, 48], 12);
        SameInBothOrders(model, LogMel.Bands, LogMel.Frames(LogMel.SampleRate));
    }

    [Fact]
    public void The_person_model_gives_the_same_answers_in_both_memory_orders()
    {
        random.manual_seed(1);
        using var model = new WakeVisionModel([16, 32, 64, 64], 2);
        SameInBothOrders(model, 96, 96);
    }

    // One that is dead for every figure gets no gradient and never wakes; some seeds kept two of eight, or none, and missed the target.
    [Fact]
    public void Every_unit_of_the_anomaly_code_starts_alive()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var figures = rand(100, 784, generator: new TorchSharp.torch.Generator(3));
        for (var seed = 1; seed <= 20; seed++)
        {
            random.manual_seed(seed);
            using var model = new AnomalyAeModel(inputs: 784, hidden: 128, depth: 4, code: 8);
            Assert.True(model.Code(figures).min().item<float>() > 0, $"seed {seed}: a unit of the code is dead");
        }
    }

    // Outputs and the gradients of every parameter, with batch statistics as in training.
    static void SameInBothOrders(Module<Tensor, Tensor> model, int height, int width)
    {
        using var scope = NewDisposeScope();
        var rows = randn(3, height, width, 1);
        var (channelsFirst, firstGradients) = Run(rows.permute(0, 3, 1, 2).contiguous());
        var (channelsLast, lastGradients) = Run(rows.permute(0, 3, 1, 2));

        Assert.True(channelsFirst.allclose(channelsLast, Tolerance, Tolerance));
        foreach (var (first, last) in firstGradients.Zip(lastGradients))
            Assert.True(first.allclose(last, 1e-3, Tolerance), $"largest difference {(first - last).abs().max().item<float>():g3}");

        (Tensor, List<Tensor>) Run(Tensor pictures)
        {
            model.zero_grad();
            var logits = model.forward(pictures);
            logits.square().sum().backward();
            return (logits.detach(), [.. model.parameters().Select(parameter => parameter.grad!.clone())]);
        }
    }
}
