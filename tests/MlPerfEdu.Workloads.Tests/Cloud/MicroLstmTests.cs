using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Cloud.MicroLstm;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class MicroLstmTests
{
    static readonly MicroLstmGeometry Small = new(Series: 3, Hidden: 8, Layers: 2, Window: 5, Horizon: 2);

    [Fact]
    public void Its_invariants_hold()
    {
        using var workload = Embedded.Create("micro-lstm-train");
        Assert.All(workload.CheckInvariants(), invariant => Assert.True(invariant.Holds, $"{invariant.Name}: {invariant.Found}"));
    }

    [Fact]
    public void A_window_is_followed_by_what_is_to_be_predicted()
    {
        using var scope = NewDisposeScope();
        using var windows = new SeriesWindows(arange(30).view(10, 3).to_type(ScalarType.Float32), Small);
        Assert.Equal(10 - 5 - 2 + 1, windows.Count);
        Assert.Equal([4, 5, 3], windows.Inputs.shape);
        // The second window begins at the second hour; the last series of the two hours after it.
        Assert.Equal([3f, 4, 5], windows.Inputs[1, 0].data<float>());
        Assert.Equal([15f, 16, 17], windows.Inputs[1, 4].data<float>());
        Assert.Equal([20f, 23], windows.Targets[1].data<float>());
        // The last one ends with the last hour.
        Assert.Equal(29f, windows.Targets[3, 1].item<float>());
    }

    [Fact]
    public void Libtorch_runs_the_products_that_the_layers_count()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null) return;
        using var workload = (SupervisedWorkload)Embedded.Create("micro-lstm-train");
        foreach (var batch in (int[])[workload.Batch, 2 * workload.Batch])
        {
            using var step = (SupervisedRun)workload.Prepare(batch);
            using var book = workload.PrepareByTheBook(batch);
            Assert.Empty(RecordedCount.Differences(step.Plain, recorder.Record(book.Step)));
        }
    }

    [Fact]
    public void Sizes_that_the_kernel_cannot_read_are_refused()
    {
        using var model = new MicroLstmModel(Small, dropout: 0);
        using var series = zeros(20, 3);
        Assert.Throws<ArgumentException>(() => new FusedMicroLstm(model, series, windows: 15, batch: 4));
        using var wide = zeros(20, 4);
        Assert.Throws<ArgumentException>(() => new FusedMicroLstm(model, wide, windows: 10, batch: 4));
        using var odd = new MicroLstmModel(Small with { Hidden = 7 }, dropout: 0);
        Assert.Throws<ArgumentException>(() => new FusedMicroLstm(odd, series, windows: 10, batch: 4));
    }
}

/// <summary>The same model in double precision, layer by layer, with what the dropout keeps given from outside.</summary>
sealed class PlainMemory : IDisposable
{
    readonly MicroLstmGeometry geometry;
    readonly Tensor? kept;
    readonly LSTM[] layers;
    readonly Linear head;

    /// <param name="kept">[B, window, hidden]; absent for all.</param>
    public PlainMemory(MicroLstmModel model, MicroLstmGeometry geometry, Tensor? kept)
    {
        (this.geometry, this.kept) = (geometry, kept);
        layers = [.. Enumerable.Range(0, geometry.Layers).Select(l =>
            nn.LSTM(l == 0 ? geometry.Series : geometry.Hidden, geometry.Hidden, batchFirst: true).to(float64))];
        head = nn.Linear(geometry.Hidden, geometry.Horizon).to(float64);
        using var frozen = no_grad();
        foreach (var (mine, its) in Parameters.Zip(model.parameters())) mine.copy_(its);
    }

    public IEnumerable<Parameter> Parameters => layers.SelectMany(layer => layer.parameters()).Concat(head.parameters());

    public Tensor Forward(Tensor x)
    {
        var last = x.narrow(1, geometry.Window - 1, 1);
        var hidden = x - last;
        foreach (var (l, layer) in layers.Index())
        {
            hidden = layer.call(hidden, null).Item1;
            if (kept is not null && l + 1 < layers.Length) hidden = hidden * kept;
        }
        return head.call(hidden.select(1, geometry.Window - 1)) + last.select(2, geometry.Series - 1);
    }

    public void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
        head.Dispose();
    }
}
