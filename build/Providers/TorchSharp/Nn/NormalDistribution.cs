namespace TorchSharp;

internal static class NormalDistribution
{
    internal static double Cumulative(double x)
    {
        using var value = torch.tensor(x / Math.Sqrt(2.0));
        using var error = value.erf();
        return (1 + error.item<double>()) / 2;
    }
}
