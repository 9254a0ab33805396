using MlPerfEdu.Data;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Cloud.MicroDlrm;
using MlPerfEdu.Workloads.Cloud.MicroLstm;
using MlPerfEdu.Workloads.Cloud.MicroRl;
using MlPerfEdu.Workloads.Tests.Cloud;
using MlPerfEdu.Workloads.Tiny.AnomalyAe;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlPerfEdu.Workloads.Tests.Training;

public class FusedStepTests(ITestOutputHelper output)
{
    // Of the largest number of a gradient.
    const double Tolerance = 1e-5;

    // Sizes beside multiples of a vector, of four rows and of a block of samples.
    const int Samples = 50, Batch = 37;

    static readonly long[] Positions = [.. Enumerable.Range(0, Batch).Select(i => (long)(i * 7 % Samples))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_auto_encoder_s_gradients_are_those_of_its_plain_form(int threads)
    {
        using var scope = NewDisposeScope();
        var figures = rand([Samples, 13], generator: new torch.Generator(5));
        using AnomalyAeModel model = Model(), precise = Model();
        using var fused = new FusedAnomalyAe(model, figures, Batch, threads);
        var loss = fused.Backward(Positions);
        var rows = figures.index_select(0, tensor(Positions)).to_type(ScalarType.Float64);
        Same(F.mse_loss(precise.to(float64).forward(rows), rows), loss, precise.parameters(), fused.Gradients);

        static AnomalyAeModel Model()
        {
            random.manual_seed(1);
            return new AnomalyAeModel(inputs: 13, hidden: 10, depth: 2, code: 3);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_recommendation_s_gradients_are_those_of_its_plain_form(int threads)
    {
        using var scope = NewDisposeScope();
        var (generator, draws) = (new torch.Generator(5), new Xoshiro(5));
        float[] ids = [.. Enumerable.Range(0, Samples).SelectMany(_ => (float[])[draws.Below(5), 5 + draws.Below(7), 12 + draws.Below(3)])];
        var inputs = cat([tensor(ids, Samples, 3), randn([Samples, 6], generator: generator)], 1);
        var likes = rand([Samples], generator: generator).gt(0.5).to_type(ScalarType.Float32);
        using MicroDlrmModel model = Model(), precise = Model();
        using var fused = new FusedMicroDlrm(model, inputs, likes, Batch, threads);
        // Gradients of the batch before are not added up.
        fused.Backward([.. Positions.Select(position => (position + 1) % Samples)]);
        var loss = fused.Backward(Positions);
        var (rows, labels) = (Chosen(inputs), Chosen(likes));
        Same(F.binary_cross_entropy_with_logits(precise.to(float64).forward(rows), labels), loss, precise.parameters(), fused.Gradients);

        static Tensor Chosen(Tensor of) => of.index_select(0, tensor(Positions)).to_type(ScalarType.Float64);

        static MicroDlrmModel Model()
        {
            random.manual_seed(1);
            return new MicroDlrmModel([5, 7, 3], width: 3, bottomWidths: [6, 9, 5], topHidden: [10, 6]);
        }
    }

    [Theory]
    [InlineData(1, 37)]
    [InlineData(2, 37)]
    [InlineData(2, 1)]
    public void The_policy_s_gradients_are_those_of_its_plain_form(int threads, int actions)
    {
        using var scope = NewDisposeScope();
        var (policy, value) = Networks();
        var (precisePolicy, preciseValue) = Networks();
        var played = new Episodes(new CartPole(ThisClone.Entry("micro-rl-train").Geometry), longest: 500, discount: 0.9);
        var draws = new Xoshiro(3);
        using var fused = new FusedPolicyStep(policy, value, most: 60, threads);
        // A longer batch before leaves nothing behind.
        Play(60);
        fused.Backward(played);
        Play(actions);
        var loss = fused.Backward(played);
        var states = tensor(played.States.ToArray(), actions, CartPole.Observed).to_type(ScalarType.Float64);
        var expected = PolicyLoss.Of(
            precisePolicy.to(float64).forward(states), preciseValue.to(float64).forward(states).squeeze(1), tensor(played.Chosen.ToArray()),
            tensor(played.Returns.ToArray()).to_type(ScalarType.Float64));
        Same(expected, loss, precisePolicy.parameters().Concat(preciseValue.parameters()), fused.Gradients);

        void Play(int most)
        {
            played.Clear();
            while (played.Actions < most) played.Play(new SingleState(policy).ChanceOfRight, ref draws, most - played.Actions);
        }

        static (TanhNetwork Policy, TanhNetwork Value) Networks()
        {
            random.manual_seed(1);
            return (new TanhNetwork(CartPole.Observed, 13, 6, 2), new TanhNetwork(CartPole.Observed, 13, 6, 1));
        }
    }

    // Two layers, dropout between them, and more samples than a strip has.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 0.3)]
    [InlineData(2, 0.3)]
    [InlineData(3, 0)]
    public void The_memory_s_gradients_are_those_of_its_plain_form(int threads, double dropout)
    {
        using var scope = NewDisposeScope();
        var geometry = new MicroLstmGeometry(Series: 3, Hidden: 12, Layers: 2, Window: 9, Horizon: 5);
        var series = randn([Samples + 13, 3], generator: new torch.Generator(5));
        random.manual_seed(1);
        using var model = new MicroLstmModel(geometry, dropout);
        using var fused = new FusedMicroLstm(model, series, Samples, Batch, threads);
        // Neither gradients nor states of the batch before are left.
        fused.Backward([.. Positions.Select(position => (position + 1) % Samples)]);
        var loss = fused.Backward(Positions);
        var windows = new SeriesWindows(series.alias(), geometry);
        var (rows, targets) = (Chosen(windows.Inputs), Chosen(windows.Targets));
        using var precise = new PlainMemory(model, geometry, dropout == 0 ? null : Kept(fused, geometry, dropout));
        Same(F.mse_loss(precise.Forward(rows), targets), loss, precise.Parameters, fused.Gradients);

        static Tensor Chosen(Tensor of) => of.index_select(0, tensor(Positions)).to_type(ScalarType.Float64);
    }

    // [B, window, hidden]: zeros, and the scale of what is kept.
    static unsafe Tensor Kept(FusedMicroLstm fused, MicroLstmGeometry geometry, double dropout)
    {
        var strips = (Batch + Strip.Samples - 1) / Strip.Samples;
        var numbers = geometry.Hidden * Strip.Samples;
        var kept = new float[strips * geometry.Window * numbers];
        float[] one = [.. Enumerable.Repeat(1f, numbers)];
        fixed (float* from = one, to = kept)
        {
            for (var strip = 0; strip < strips; strip++)
            {
                for (var hour = 0; hour < geometry.Window; hour++)
                    KeyedDropout.Keep(from, to + (strip * geometry.Window + hour) * numbers, numbers, dropout, fused.DropoutKey(strip, 0, hour));
            }
        }
        Assert.InRange(kept.Average(number => number == 0 ? 1.0 : 0), dropout - 0.02, dropout + 0.02);
        return tensor(kept, strips, geometry.Window, geometry.Hidden, Strip.Samples).permute(0, 3, 1, 2).flatten(0, 1).narrow(0, 0, Batch)
            .to_type(ScalarType.Float64);
    }

    [Theory]
    [InlineData("anomaly-ae-train")]
    [InlineData("micro-lstm-train")]
    public void The_number_of_threads_changes_no_bit(string id)
    {
        using var workload = (SupervisedWorkload)Embedded.Create(id);
        using var model = workload.BuildModel();
        var alone = Bits(threads: 1);
        Assert.Equal(alone, Bits(threads: 2));
        Assert.Equal(alone, Bits(threads: 3));

        int[] Bits(int threads)
        {
            random.manual_seed(1);
            using var fused = workload.Fuse(model, workload.Batch, threads)!;
            var loss = fused.Backward([.. Enumerable.Range(0, workload.Batch).Select(i => (long)i)]);
            return [.. model.parameters().SelectMany((parameter, i) => Numbers(fused.Gradients, i, parameter.numel())).Append(loss)
                .Select(BitConverter.SingleToInt32Bits)];
        }
    }

    [Theory]
    [InlineData("anomaly-ae-train")]
    [InlineData("micro-dlrm-train")]
    [InlineData("micro-rl-train")]
    [InlineData("micro-lstm-train")]
    [InlineData("nano-moe-train")]
    [InlineData("micro-dlrm-dram-train")]
    public void A_step_makes_no_garbage_and_calls_no_operator(string id)
    {
        const int steps = 50;
        using var workload = Embedded.Create(id);
        using var step = workload.Prepare(workload.Batch);
        for (var i = 0; i < steps; i++) step.Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < steps; i++) step.Step();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / steps;
        output.WriteLine($"{each} bytes a step");
        // A delegate alone takes more, and a tensor's object.
        Assert.InRange(each, 0, 32);

        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null) return;
        Assert.Empty(recorder.Record(step.Step).Select(row => row.Name));
        Assert.All(step.Count.Layers, layer => Assert.Empty(layer.Operators));
    }

    [Fact]
    public void Activations_and_joins_move_no_bytes_and_the_work_stays()
    {
        using var workload = Embedded.Create("micro-dlrm-train");
        using var step = (SupervisedRun)workload.Prepare(workload.Batch);
        var (plain, fused) = (step.Plain, step.Count);
        Assert.Equal((plain.Flops, plain.ElementwiseFlops, plain.Parameters), (fused.Flops, fused.ElementwiseFlops, fused.Parameters));
        var left = plain.Layers.Where(layer => layer.Kind is "relu" or "concat").ToList();
        Assert.Equal(left.Sum(layer => layer.Total.Bytes), plain.Bytes - fused.Bytes);
        Assert.Equal(left.Sum(layer => layer.UniqueBytes), plain.UniqueBytes - fused.UniqueBytes);
        Assert.Equal(5, left.Count);
    }

    void Same(Tensor expectedLoss, float loss, IEnumerable<Parameter> parameters, FlatGradients gradients) =>
        Same(output, expectedLoss, loss, parameters, gradients);

    /// <summary>Loss and gradients are those that libtorch finds with 64 bits.</summary>
    internal static void Same(ITestOutputHelper output, Tensor expectedLoss, float loss, IEnumerable<Parameter> parameters, FlatGradients gradients)
    {
        expectedLoss.backward();
        Assert.Equal(expectedLoss.item<double>(), loss, Tolerance);
        foreach (var (i, parameter) in parameters.Index())
        {
            var expected = parameter.grad!.data<double>().ToArray();
            var found = Numbers(gradients, i, parameter.numel());
            var (largest, difference) = (expected.Max(Math.Abs), expected.Zip(found, (a, b) => Math.Abs(a - b)).Max());
            output.WriteLine($"parameter {i}: largest {largest:g3}, difference {difference:g3}");
            Assert.NotEqual(0, largest);
            Assert.InRange(difference, 0, Tolerance * largest);
        }
    }

    internal static unsafe float[] Numbers(FlatGradients gradients, int parameter, long count) => new Span<float>(gradients[parameter], (int)count).ToArray();
}
