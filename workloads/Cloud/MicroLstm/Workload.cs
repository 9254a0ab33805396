using MlPerfEdu.Engine.Inference;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroLstm;

/// <summary>How warm will the transformer's oil be in each of the next 24 hours?</summary>
[Workload("micro-lstm-train")]
public sealed class MicroLstmWorkload : SupervisedWorkload
{
    const int EvaluationBatch = 512;

    readonly SeriesDataSet data;
    readonly MicroLstmGeometry geometry;
    readonly Tensor hours;
    readonly SeriesWindows trained, scored;
    readonly Lazy<Dictionary<string, double>> trivial;

    public MicroLstmWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        data = setup.Load<SeriesDataSet>();
        geometry = MicroLstmGeometry.From(Entry.Geometry);
        hours = SeriesWindows.Standardised(data);
        trained = new SeriesWindows(hours.narrow(0, 0, data.Train), geometry);
        scored = new SeriesWindows(hours.narrow(0, data.Train, data.Rows - data.Train), geometry);
        trivial = new(() => TrivialForecasts.Score(trained, scored));
    }

    public override Provenance Data => data.Provenance;

    // [windows, window, series]
    protected internal override Tensor Inputs => trained.Inputs;

    // [windows, horizon]
    protected internal override Tensor Targets => trained.Targets;

    public override int EvaluationSamples => scored.Count;

    protected internal override Module<Tensor, Tensor> BuildModel() => new MicroLstmModel(geometry, Recipe.Dropout ?? 0);

    protected internal override Tensor Loss(Tensor prediction, Tensor target) => F.mse_loss(prediction, target);

    protected internal override SupervisedFusedStep Fuse(Module<Tensor, Tensor> model, int batch, int? threads = null) =>
        new FusedMicroLstm((MicroLstmModel)model, hours, trained.Count, batch, threads);

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var squares = zeros(geometry.Horizon, float64);
        for (var start = 0; start < scored.Count; start += EvaluationBatch)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(EvaluationBatch, scored.Count - start);
            var difference = model.call(scored.Inputs.narrow(0, start, count)) - scored.Targets.narrow(0, start, count);
            squares.add_(difference.square().sum(0, type: float64));
        }
        double[] ofHours = [.. squares.div_(scored.Count).data<double>()];
        return new Scores(
            new Dictionary<string, double>(trivial.Value) { ["val_mse"] = ofHours.Average() },
            new Dictionary<string, double> { ["mse 1 hour ahead"] = ofHours[0], [$"mse {geometry.Horizon} hours ahead"] = ofHours[^1] },
            scored.Count);
    }

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var (last, first) = (trained.Count + geometry.Window + geometry.Horizon - 1, data.Train);
        var other = SeriesWindows.Standardised(data.WithOtherScoredRows());
        using var difference = (other.narrow(0, 0, data.Train) - hours.narrow(0, 0, data.Train)).abs().max();
        other.Dispose();
        return [.. base.CheckInvariants(),
            new("no window crosses the split", last == data.Train && scored.Count + geometry.Window + geometry.Horizon - 1 == data.Rows - first,
                $"the last one to train on ends before hour {last}, the first one that is scored begins at hour {first}"),
            new("the scale comes from the hours to train on", difference.item<float>() == 0, $"other hours to score change {difference.item<float>()} of them"),
            new("the model begins by repeating the last value", BeginsAtPersistence(), "a head of zeros predicts the last value")];
    }

    bool BeginsAtPersistence()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var model = (MicroLstmModel)BuildModel();
        model.eval();
        foreach (var parameter in model.Head.parameters()) parameter.zero_();
        var some = scored.Inputs.narrow(0, 0, 8);
        return model.forward(some).equal(TrivialForecasts.Persistence(some, geometry.Horizon)).all().item<bool>();
    }

    public override void Dispose()
    {
        trained.Dispose();
        scored.Dispose();
        hours.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
