using MlPerfEdu.Engine.Inference;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroLstm;

/// <summary>Every window of some hours, with the hours that follow it: views of the series, which are stored once.</summary>
sealed class SeriesWindows : IDisposable
{
    /// <param name="hours">[hours, series]</param>
    public SeriesWindows(Tensor hours, MicroLstmGeometry geometry)
    {
        Count = (int)hours.shape[0] - geometry.Window - geometry.Horizon + 1;
        Inputs = hours.unfold(0, geometry.Window, 1).narrow(0, 0, Count).transpose(1, 2);
        Targets = hours.select(1, geometry.Series - 1).narrow(0, geometry.Window, Count + geometry.Horizon - 1).unfold(0, geometry.Horizon, 1);
        hours.Dispose();
    }

    public int Count { get; }

    // [windows, window, series]
    public Tensor Inputs { get; }

    // [windows, horizon]
    public Tensor Targets { get; }

    /// <summary>[hours, series]; each series has mean 0 and deviation 1 over the hours to train on.</summary>
    public static Tensor Standardised(SeriesDataSet data)
    {
        using var scope = NewDisposeScope();
        var hours = AlignedTensor.Of(data.Values, data.Rows, data.Names.Count).to_type(ScalarType.Float64);
        var trained = hours.narrow(0, 0, data.Train);
        return ((hours - trained.mean([0])) / trained.std(0, unbiased: false)).to_type(ScalarType.Float32).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
    }
}

/// <summary>Forecasts that learn nothing or next to nothing, and how far they are off: what a network's error is held against.</summary>
static class TrivialForecasts
{
    const int Day = 24;

    // Of the squared weights, in the sum over all windows.
    const double Penalty = 10;

    public static Dictionary<string, double> Score(SeriesWindows trained, SeriesWindows scored)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var horizon = (int)scored.Targets.shape[1];
        return new()
        {
            ["persistence_mse"] = Error(Persistence(scored.Inputs, horizon)),
            ["seasonal_mse"] = Error(Seasonal(scored.Inputs, horizon)),
            ["ridge_mse"] = Error(Ridge(trained, scored.Inputs)),
        };

        double Error(Tensor forecast) => (forecast - scored.Targets).to_type(ScalarType.Float64).square().mean().item<double>();
    }

    /// <summary>The last value again and again, [windows, horizon].</summary>
    public static Tensor Persistence(Tensor windows, int horizon) => Last(windows).narrow(1, windows.shape[1] - 1, 1).expand(-1, horizon);

    /// <summary>The last day once more.</summary>
    static Tensor Seasonal(Tensor windows, int horizon)
    {
        var day = Last(windows).narrow(1, windows.shape[1] - Day, Day);
        return day.repeat(1, (horizon + Day - 1) / Day).narrow(1, 0, horizon);
    }

    // A linear model of the series' own past, solved for at once.
    static Tensor Ridge(SeriesWindows trained, Tensor windows)
    {
        var (x, y) = (Past(trained.Inputs), trained.Targets.to_type(ScalarType.Float64));
        var products = x.t().mm(x) + Penalty * eye(x.shape[1], dtype: ScalarType.Float64);
        return Past(windows).mm(linalg.solve(products, x.t().mm(y))).to_type(ScalarType.Float32);
    }

    // [windows, window + 1]: the past and a one, for the constant.
    static Tensor Past(Tensor windows)
    {
        var last = Last(windows).to_type(ScalarType.Float64);
        return cat([last, ones(last.shape[0], 1, dtype: ScalarType.Float64)], 1);
    }

    // [windows, window]: the series that is predicted.
    static Tensor Last(Tensor windows) => windows.select(2, windows.shape[2] - 1);
}
