namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>An element may be off by Absolute + Relative × |expected|. Zero and zero: the same bits, but for the sign of zero.</summary>
public sealed record Tolerance(double Absolute, double Relative)
{
    public bool Allows(double actual, double expected) =>
        actual.Equals(expected) || actual == expected || Math.Abs(actual - expected) <= Absolute + Relative * Math.Abs(expected);

    public override string ToString() => Absolute == 0 && Relative == 0 ? "equal" : $"{Absolute:g2} + {Relative:g2}·|expected|";
}
