using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroLstm;

/// <summary>Layers of long short-term memory (Hochreiter and Schmidhuber, 1997), with dropout between them, and what is predicted.</summary>
/// <param name="Series">Beside each other; the last one is predicted.</param>
/// <param name="Window">Hours that are seen.</param>
/// <param name="Horizon">Hours that are predicted.</param>
public sealed record MicroLstmGeometry(int Series, int Hidden, int Layers, int Window, int Horizon)
{
    public static MicroLstmGeometry From(Geometry geometry) => new(
        geometry.Int("series"), geometry.Int("hidden"), geometry.Int("layers"), geometry.Int("window"), geometry.Int("horizon"));
}

/// <summary>
/// From the hours of a window to the hours after it. What comes out of the last layer at the last hour says by how much the series will differ from
/// its last value: repeating that value is where the model begins.
/// </summary>
public sealed class MicroLstmModel : Module<Tensor, Tensor>
{
    readonly MicroLstmGeometry geometry;
    readonly LSTM lstm;
    readonly Linear head;

    public MicroLstmModel(MicroLstmGeometry geometry, double dropout) : base(nameof(MicroLstmModel))
    {
        this.geometry = geometry;
        Dropout = dropout;
        lstm = LSTM(geometry.Series, geometry.Hidden, numLayers: geometry.Layers, batchFirst: true, dropout: dropout);
        head = Linear(geometry.Hidden, geometry.Horizon);
        RegisterComponents();
    }

    internal MicroLstmGeometry Geometry => geometry;

    /// <summary>The chance that a number between two layers is left out.</summary>
    internal double Dropout { get; }

    internal LSTM Lstm => lstm;

    internal Linear Head => head;

    // x [B, window, series] → [B, horizon]
    public override Tensor forward(Tensor x)
    {
        var last = x.narrow(1, geometry.Window - 1, 1);                                 // [B, 1, series]
        var hidden = lstm.call(F.sub(x, last.expand_as(x)), null).Item1;                // [B, window, hidden]
        var change = head.call(F.select(hidden, geometry.Window - 1));                  // [B, horizon]
        return F.add(change, last.select(2, geometry.Series - 1).expand_as(change));
    }
}
