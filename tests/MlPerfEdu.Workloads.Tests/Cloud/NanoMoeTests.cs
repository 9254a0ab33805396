using MlPerfEdu.Data;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Workloads.Cloud.NanoMoe;
using MlPerfEdu.Workloads.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class NanoMoeTests(ITestOutputHelper output)
{
    const int Window = 32, Batch = 3;

    static readonly NanoMoeGeometry Small = new(
        Layers: 2, Width: 32, Heads: 2, Experts: 4, Hidden: 48, Chosen: 2, Vocabulary: 19, Context: 40);

    static readonly byte[] Text = [.. Draws(200)];

    static readonly long[] Positions = [0, 101, 7];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Its_gradients_are_those_of_its_plain_form(int threads)
    {
        using var scope = NewDisposeScope();
        using NanoMoeModel model = Model(Small), precise = Book.Plain(Model(Small));
        using var fused = new FusedNanoMoe(model, Text, Window, Batch, threads);
        // Gradients of the batch before are not added up.
        fused.Backward([50, 60, 70]);
        var loss = fused.Backward(Positions);
        FusedStepTests.Same(output, Loss((NanoMoeModel)precise.to(float64)), loss, precise.parameters(), fused.Gradients);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using var model = Model(Small);
        var one = Bits(1);
        Assert.Equal(one, Bits(2));
        Assert.Equal(one, Bits(3));

        int[] Bits(int threads)
        {
            using var fused = new FusedNanoMoe(model, Text, Window, Batch, threads);
            var loss = fused.Backward(Positions);
            return [.. model.parameters().SelectMany((parameter, i) => FusedStepTests.Numbers(fused.Gradients, i, parameter.numel())).Append(loss)
                .Select(BitConverter.SingleToInt32Bits)];
        }
    }

    static Tensor Loss(NanoMoeModel model)
    {
        var rows = stack([.. Positions.Select(start => tensor(Text[(int)start..((int)start + Window + 1)].Select(symbol => (long)symbol).ToArray()))]);
        var logits = model.forward(rows.narrow(1, 0, Window));
        return F.cross_entropy(logits.view(-1, Small.Vocabulary), rows.narrow(1, 1, Window).reshape(-1));
    }

    // Larger weights than a new model's: with those, a term that is missing hardly shows.
    static NanoMoeModel Model(NanoMoeGeometry sizes)
    {
        random.manual_seed(1);
        var model = new NanoMoeModel(sizes);
        using var none = no_grad();
        foreach (var parameter in model.parameters()) parameter.add_(randn(parameter.shape) * 0.3);
        return model;
    }

    static IEnumerable<byte> Draws(int count)
    {
        var draws = new Xoshiro(3);
        for (var i = 0; i < count; i++) yield return (byte)draws.Below(19);
    }
}
