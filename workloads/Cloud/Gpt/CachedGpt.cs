using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.NanoGpt;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>
/// A language model that goes on from a cache. A step of one token reads every weight and every cached key and value once, and computes
/// next to nothing with them: what counts is that nothing else is read, written or allocated.
/// </summary>
public sealed unsafe partial class CachedGpt : IDisposable
{
    readonly NanoGptModel model;
    readonly NanoGptGeometry geometry;
    readonly GptNumbers numbers;
    readonly GptWeights weights;
    readonly TokenArithmetic arithmetic;
    readonly ThreadTeam team;
    readonly Action<int> step;
    // For each row: residual stream [D], queries with keys and values [3·D], what the heads found [D], MLP [4·D], logits [V].
    readonly NativeFloats residual, projected, attended, hidden, logits;
    // For each thread: the normalised rows [rows, D], inputs of a product as they are multiplied [rows, 4·D] with a factor per row, and scores.
    readonly NativeFloats[] normed, inputs, factors, scores;
    readonly KeyValueCache[] caches;
    readonly int[] tokens, positions;
    readonly int mostRows;

    /// <param name="mostRows">The most tokens of one step.</param>
    /// <param name="numbers">How weights are stored, and what its caches hold. Prompts are read with the model's own weights.</param>
    public CachedGpt(NanoGptModel model, int threads, int mostRows, GptNumbers numbers = GptNumbers.Fp32)
    {
        this.model = model;
        this.mostRows = mostRows;
        this.numbers = numbers;
        geometry = model.Geometry;
        var (width, inner) = (geometry.Width, NanoGptGeometry.MlpRatio * geometry.Width);
        if (geometry.Head != TokenKernels.Head)
            throw new ArgumentException($"Heads of {geometry.Head} numbers; expected {TokenKernels.Head}. Change heads or width.");
        if (geometry.Vocabulary % TokenKernels.Block != 0)
            throw new ArgumentException($"{geometry.Vocabulary} tokens; expected a multiple of {TokenKernels.Block}. Change vocabulary.");
        if (numbers == GptNumbers.Q8 && inner > Q8Numbers.MostInputs)
            throw new ArgumentException($"An MLP of {inner} numbers; expected at most {Q8Numbers.MostInputs} for {numbers}. Change width or format.");
        weights = new GptWeights(model, numbers);
        arithmetic = TokenArithmetic.Of(numbers);
        team = new ThreadTeam(threads);
        step = Step;
        (alone, halves) = (new Group(threads), [new Group(Math.Max(1, threads / 2)), new Group(Math.Max(1, threads / 2))]);
        (residual, projected, attended, hidden, logits) =
            (Room(width), Room(3 * width), Room(width), Room(inner), Room(geometry.Vocabulary));
        (normed, inputs, factors) = (Each(() => Room(width)), Each(() => Room(inner)), Each(() => Room(1)));
        scores = Each(() => new NativeFloats(geometry.Context + TokenKernels.Lanes));
        (caches, tokens, positions) = (new KeyValueCache[mostRows], new int[mostRows], new int[mostRows]);

        NativeFloats Room(int perRow) => new(mostRows * perRow);
        NativeFloats[] Each(Func<NativeFloats> room) => [.. Enumerable.Range(0, threads).Select(_ => room())];
    }

    public int Vocabulary => geometry.Vocabulary;

    public int MostRows => mostRows;

    /// <summary>Of the matrices that every step reads, as they are stored.</summary>
    public long WeightBytes => weights.MatrixBytes;

    public KeyValueCache NewCache(int capacity) => new(geometry, capacity, numbers);

    /// <summary>Appends tokens to a cache.</summary>
    /// <returns>The logits after each of them, [tokens, V]; valid until the next step.</returns>
    public ReadOnlySpan<float> Append(KeyValueCache cache, params ReadOnlySpan<int> added)
    {
        cache.Require(added.Length);
        for (var row = 0; row < added.Length; row++)
            Place(row, cache, added[row], cache.Length + row);
        // Rows of one cache see each other, layer by layer.
        Run(added.Length, independent: false);
        cache.Advance(added.Length);
        return Logits(added.Length);
    }

    /// <summary>Appends one token to each of several caches.</summary>
    public ReadOnlySpan<float> AppendEach(ReadOnlySpan<KeyValueCache> each, ReadOnlySpan<int> added)
    {
        for (var row = 0; row < added.Length; row++)
        {
            each[row].Require(1);
            Place(row, each[row], added[row], each[row].Length);
        }

        Run(added.Length, independent: true);
        foreach (var cache in each)
            cache.Advance(1);
        return Logits(added.Length);
    }

    ReadOnlySpan<float> Logits(int count) => new(logits.Address, count * geometry.Vocabulary);

    void Place(int row, KeyValueCache cache, int token, int position)
    {
        if (row >= mostRows)
            throw new ArgumentException($"More than {mostRows} tokens in one step; make room for them when the model is made.");
        if ((uint)token >= (uint)geometry.Vocabulary)
            throw new ArgumentOutOfRangeException(nameof(token), token, $"Not one of the {geometry.Vocabulary} tokens of the vocabulary.");
        if (cache.Numbers != numbers)
            throw new ArgumentException($"A cache of {cache.Numbers} numbers; this model reads {numbers}. Ask the model for its caches.");
        (caches[row], tokens[row], positions[row]) = (cache, token, position);
    }

    public void Dispose()
    {
        team.Dispose();
        weights.Dispose();
        foreach (var numbers in (NativeFloats[])[residual, projected, attended, hidden, logits, .. normed, .. inputs, .. factors, .. scores])
            numbers.Dispose();
    }
}
