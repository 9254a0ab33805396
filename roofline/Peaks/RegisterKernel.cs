namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Multiply-adds in C#, for one vector width.</summary>
/// <param name="Run">Gets the number of rounds; what it returns keeps the compiler from dropping the work.</param>
sealed record RegisterKernel(PeakKind Kind, int Lanes, double FlopsPerRound, string Convention, Func<long, float> Run)
{
    public int Bits => Lanes * 8 * sizeof(float);
}
