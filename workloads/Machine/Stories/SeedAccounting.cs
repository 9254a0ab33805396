namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>FLOPs of a LLaMA-style training step as the seed's accelerator report adds them up. For comparison only.</summary>
/// <remarks>Its attention is five products per head for both directions; scores and values need two forwards and four backwards.</remarks>
sealed record SeedAccounting(long Width, long Hidden, int Layers, int Heads, long Vocabulary, long Positions)
{
    const int AttentionProducts = 5;

    /// <summary>Queries, keys, values and output; gate, up and down. Both gradients cost the same each.</summary>
    public long LinearForward => Layers * (8 * Width * Width + 6 * Width * Hidden) * Positions;

    public long Attention => 2L * Layers * Heads * AttentionProducts * Positions * Positions * (Width / Heads);

    /// <summary>Both gradients cost the same each.</summary>
    public long ClassifierForward => 2 * Vocabulary * Width * Positions;

    public long Total => 3 * LinearForward + Attention + 3 * ClassifierForward;

    /// <summary>What runs on the accelerator: weight gradients and the classifier do not.</summary>
    public long OnAccelerator => 2 * LinearForward + Attention;

    public long OnAcceleratorWithClassifier => OnAccelerator + ClassifierForward;
}
