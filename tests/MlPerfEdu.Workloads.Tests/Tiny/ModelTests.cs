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
