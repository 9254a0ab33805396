using MlPerfEdu.Numerics;
using MlPerfEdu.Serving.Embedding;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>Turns texts into vectors, each by itself: libtorch orders a sum by the number of rows, so that neighbours would change its last bits.</summary>
public sealed class TextEmbedder(TextEncoder encoder, WordVocabulary vocabulary, int width)
{
    readonly BatchEmbedder pooling = new(new float[width]);

    public int Width => width;

    public float[] Passage(string text) => Embed(RagPrompt.PassageOf(vocabulary, text));

    public float[] Question(string text) => Embed(RagPrompt.QuestionOf(vocabulary, text));

    /// <param name="tokens">Read up to the encoder's length.</param>
    public float[] Embed(ReadOnlySpan<int> tokens)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var read = Array.ConvertAll(tokens[..Math.Min(tokens.Length, encoder.Length)].ToArray(), token => (long)token);
        var states = encoder.TokenStates(tensor(read, 1, read.Length)).data<float>().ToArray();
        var (vector, isThere) = (new float[width], new bool[read.Length]);
        Array.Fill(isThere, true);
        pooling.Pool(Pooling.Mean, states, isThere, 1, vector);
        return vector;
    }
}

/// <summary>Passages by their vectors: a search multiplies a question's vector with every one of them, so what it finds is exact.</summary>
public sealed class PassageStore
{
    readonly float[] vectors, scores;
    readonly int width;

    /// <param name="passages">One vector of this width each.</param>
    public PassageStore(IReadOnlyList<float[]> passages, int width)
    {
        this.width = width;
        vectors = [.. passages.SelectMany(vector => vector)];
        scores = new float[passages.Count];
        if (vectors.Length != passages.Count * width)
            throw new ArgumentException($"{vectors.Length} numbers for {passages.Count} passages; expected {width} for each.", nameof(passages));
    }

    public int Count => scores.Length;

    public ReadOnlySpan<float> Vector(int passage) => vectors.AsSpan(passage * width, width);

    /// <summary>The nearest passages, nearest first; of equally near ones the earlier.</summary>
    public int[] Nearest(ReadOnlySpan<float> question, int most)
    {
        for (var passage = 0; passage < scores.Length; passage++)
            scores[passage] = Simd.Dot(question, Vector(passage));
        var nearest = new int[Math.Min(most, scores.Length)];
        TopK.Select(scores, nearest);
        return nearest;
    }
}
