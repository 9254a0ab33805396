namespace MlPerfEdu.Serving.Loop;

/// <summary>How likely each token of the vocabulary is to follow, for every row of a pass.</summary>
readonly ref struct Logits(ReadOnlySpan<float> values, int vocabulary)
{
    readonly ReadOnlySpan<float> _values = values;

    public ReadOnlySpan<float> this[int row] => _values.Slice(row * vocabulary, vocabulary);
}
