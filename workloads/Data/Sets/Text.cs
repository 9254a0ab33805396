namespace MlPerfEdu.Data;

/// <summary>Characters as bytes below <see cref="Symbols"/>: those to train on, and those that are only ever scored.</summary>
public sealed record TextDataSet(byte[] Train, byte[] Test, Provenance Provenance)
{
    public const int Symbols = 128;
}
