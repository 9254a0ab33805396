using MlPerfEdu.Catalog;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>The sizes of a <see cref="NanoGptModel"/>.</summary>
/// <param name="Context">The most positions that the model has vectors for.</param>
public sealed record NanoGptGeometry(int Layers, int Width, int Heads, int Vocabulary, int Context)
{
    /// <summary>An MLP is this many times as wide as what it reads.</summary>
    public const int MlpRatio = 4;

    public static NanoGptGeometry From(Geometry sizes) =>
        new(sizes.Int("layers"), sizes.Int("width"), sizes.Int("heads"), sizes.Int("vocabulary"), sizes.Int("context"));

    public int Head => Width / Heads;
}
