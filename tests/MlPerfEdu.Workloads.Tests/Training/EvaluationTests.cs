using MlPerfEdu.Data;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Engine;
using MlPerfEdu.Roofline.Count;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Training;

public sealed class EvaluationTests : IDisposable
{
    readonly Bars bars = new();

    public void Dispose() => bars.Dispose();

    [Fact]
    public void A_model_is_evaluated_in_evaluation_mode_and_trained_in_training_mode()
    {
        using var run = bars.Begin(1);
        run.Step(1e-3);
        run.Evaluate();
        run.Step(1e-3);

        Assert.Equal([true, false, true], bars.Modes);
        Assert.Equal([true, false, true], bars.Gradients);
    }

    [Fact]
    public void Evaluating_twice_scores_the_same()
    {
        using var run = bars.Begin(1);
        run.Step(1e-3);

        Assert.Equal(run.Evaluate().Metrics, run.Evaluate().Metrics);
    }

    [Fact]
    public void An_evaluation_is_stopped_between_its_batches()
    {
        using var run = bars.Begin(1);
        Assert.Throws<OperationCanceledException>(() => run.Evaluate(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Every_sample_is_scored() => Assert.Equal(bars.EvaluationSamples, bars.Begin(1).Evaluate().Samples);

    [Fact]
    public void Pictures_keep_their_memory_order_on_the_way_to_the_model()
    {
        var noise = new Xoshiro(1);
        using var presented = bars.Present(bars.Inputs, ref noise);

        // [batch, channel, height, width], read from memory as [batch, height, width, channel].
        Assert.Equal([Bars.Samples, 1, Bars.Height, Bars.Width], presented.shape);
        Assert.Equal([Bars.Height * Bars.Width, 1, Bars.Width, 1], presented.stride());
    }

    /// <summary>Tells whether the upper or the lower half of a picture is brighter, and writes down how it was asked.</summary>
    sealed class Bars : ClassifierWorkload
    {
        public const long Samples = 300;
        public const long Height = 4;
        public const long Width = 6;

        readonly Tensor inputs = rand(Samples, Height, Width, 1);

        public Bars() : base(ThisClone.Entry("wake-vision-vww"), ThisClone.Entry("wake-vision-vww").Recipe)
        {
            Targets = inputs.narrow(1, 0, Height / 2).sum([1, 2, 3]).gt(inputs.narrow(1, Height / 2, Height / 2).sum([1, 2, 3])).to_type(ScalarType.Int64);
            EvaluationLabels = Targets.data<long>().ToArray();
        }

        public List<bool> Modes { get; } = [];

        public List<bool> Gradients { get; } = [];

        public override Provenance Data => throw new NotSupportedException("Nothing here asks for it.");

        protected internal override Tensor Inputs => inputs;

        protected internal override Tensor Targets { get; }

        protected override IReadOnlyList<string> Classes => ["lower", "upper"];

        protected override Tensor EvaluationInputs => inputs;

        protected override long[] EvaluationLabels { get; }

        protected override string AccuracyMetric => "accuracy";

        protected internal override Module<Tensor, Tensor> BuildModel() => new Model(this);

        sealed class Model : Module<Tensor, Tensor>
        {
            readonly Bars bars;
            readonly TorchSharp.Modules.BatchNorm2d norm = BatchNorm2d(1);
            readonly TorchSharp.Modules.Linear linear = Linear(Height * Width, 2);

            public Model(Bars bars) : base(nameof(Model))
            {
                this.bars = bars;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                if (bars.Modes.Count == 0 || bars.Modes[^1] != training)
                {
                    bars.Modes.Add(training);
                    bars.Gradients.Add(is_grad_enabled());
                }
                return linear.forward(norm.forward(x).flatten(1));
            }
        }
    }
}
