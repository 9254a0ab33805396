using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tiny.AnomalyAe;

/// <summary>Learns to rebuild one class of figures; a figure it rebuilds badly is an anomaly.</summary>
[Workload("anomaly-ae-train")]
public sealed class AnomalyAeWorkload : SupervisedWorkload
{
    const int NormalClass = 0;

    readonly ImageDataSet figures;
    readonly bool[] anomalous;
    readonly int normalTrained;

    public AnomalyAeWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        figures = setup.Load<ImageDataSet>();
        var normal = PositionsOf(figures.Train.Labels, NormalClass);
        normalTrained = normal.Length;
        Inputs = Rows(figures.Train.Take(normal));
        EvaluationInputs = Rows(figures.Test);
        anomalous = [.. figures.Test.Labels.Select(label => label != NormalClass)];
    }

    public override Provenance Data => figures.Provenance;

    // Pixels in [0, 1], one image per row, [N, 784].
    protected internal override Tensor Inputs { get; }

    protected internal override Tensor Targets => Inputs;

    Tensor EvaluationInputs { get; }

    public override int EvaluationSamples => figures.Test.Count;

    protected internal override Module<Tensor, Tensor> BuildModel() =>
        new AnomalyAeModel(Entry.Geometry.Int("inputs"), Entry.Geometry.Int("hidden"), Entry.Geometry.Int("depth"), Entry.Geometry.Int("code"));

    protected internal override Tensor Loss(Tensor prediction, Tensor target) => F.mse_loss(prediction, target);

    protected internal override SupervisedFusedStep Fuse(Module<Tensor, Tensor> model, int batch, int? threads = null) =>
        new FusedAnomalyAe((AnomalyAeModel)model, Inputs, batch, threads);

    // The anomaly score of an image is the error of its reconstruction.
    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var errors = (model.call(EvaluationInputs) - EvaluationInputs).square().mean([1]).data<float>().ToArray();
        var normal = errors.Where((_, i) => !anomalous[i]).Average(error => (double)error);
        var perClass = Enumerable.Range(0, figures.Classes.Count)
            .ToDictionary(c => $"mse {figures.Classes[c]}", c => errors.Where((_, i) => figures.Test.Labels[i] == c).Average(error => (double)error));
        return new Scores(new Dictionary<string, double> { ["auroc"] = Metrics.Auroc(errors, anomalous), ["normal_mse"] = normal }, perClass, errors.Length);
    }

    // An answer that always is the mean of the normal figures.
    public override IReadOnlyDictionary<string, double> TrivialAnswers
    {
        get
        {
            using var scope = NewDisposeScope();
            var errors = (EvaluationInputs - Inputs.mean([0])).square().mean([1]).data<float>().ToArray();
            return new Dictionary<string, double> { ["auroc_mean_figure"] = Metrics.Auroc(errors, anomalous) };
        }
    }

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var anomalies = anomalous.Count(anomaly => anomaly);
        var (alive, code) = CodeUnits();
        return [.. base.CheckInvariants(),
            new("only normal figures are trained on", Inputs.shape[0] == normalTrained && normalTrained == figures.Train.Labels.Count(label => label == NormalClass),
                $"{Inputs.shape[0]} training rows, {normalTrained} normal figures"),
            new("every unit of the code starts alive", alive == code, $"{alive} of {code} units answer a normal figure before training"),
            new("both kinds are evaluated", anomalies > 0 && anomalies < anomalous.Length, $"{anomalies} anomalies among {anomalous.Length}")];
    }

    (int Alive, int All) CodeUnits()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = (AnomalyAeModel)BuildModel();
        var largest = model.Code(Inputs).amax([0]).data<float>().ToArray();
        return (largest.Count(unit => unit > 0), largest.Length);
    }

    static int[] PositionsOf(byte[] labels, byte wanted) => [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == wanted)];

    static Tensor Rows(LabelledImages images) =>
        tensor(images.Pixels, [images.Count, images.PixelsPerImage], dtype: float32).div_(255);

    public override void Dispose()
    {
        EvaluationInputs.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
