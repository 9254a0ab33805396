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
    readonly GptWeights weights;
    readonly ThreadTeam team;
    readonly Action<int> step;
    // For each row: residual stream [D], queries with keys and values [3·D], what the heads found [D], MLP [4·D], logits [V].
    readonly NativeFloats residual, projected, attended, hidden, logits;
    // For each thread: the normalised rows [rows, D], and scores.
    readonly NativeFloats[] normed, scores;
    readonly KeyValueCache[] caches;
    readonly int[] tokens, positions;
    readonly int mostRows;
    int rows;

    /// <param name="mostRows">The most tokens of one step.</param>
    public CachedGpt(NanoGptModel model, int threads, int mostRows)
    {
        this.model = model;
        this.mostRows = mostRows;
        geometry = model.Geometry;
        if (geometry.Head != TokenKernels.Head)
            throw new ArgumentException($"Heads of {geometry.Head} numbers; expected {TokenKernels.Head}. Change heads or width.");
        if (geometry.Vocabulary % TokenKernels.Block != 0)
            throw new ArgumentException($"{geometry.Vocabulary} tokens; expected a multiple of {TokenKernels.Block}. Change vocabulary.");
        weights = new GptWeights(model);
        team = new ThreadTeam(threads);
        step = Step;
        var (width, inner) = (geometry.Width, NanoGptGeometry.MlpRatio * geometry.Width);
        (residual, projected, attended, hidden, logits) =
            (Room(width), Room(3 * width), Room(width), Room(inner), Room(geometry.Vocabulary));
        normed = [.. Enumerable.Range(0, threads).Select(_ => Room(width))];
        scores = [.. Enumerable.Range(0, threads).Select(_ => new NativeFloats(geometry.Context + TokenKernels.Lanes))];
        (caches, tokens, positions) = (new KeyValueCache[mostRows], new int[mostRows], new int[mostRows]);

        NativeFloats Room(int perRow) => new(mostRows * perRow);
    }

    public int Vocabulary => geometry.Vocabulary;

    public int MostRows => mostRows;

    public KeyValueCache NewCache(int capacity) => new(geometry, capacity);

    /// <summary>Appends tokens to a cache.</summary>
    /// <returns>The logits after each of them, [tokens, V]; valid until the next step.</returns>
    public ReadOnlySpan<float> Append(KeyValueCache cache, params ReadOnlySpan<int> added)
    {
        cache.Require(added.Length);
        for (var row = 0; row < added.Length; row++)
            Place(row, cache, added[row], cache.Length + row);
        Run(added.Length);
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

        Run(added.Length);
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
        (caches[row], tokens[row], positions[row]) = (cache, token, position);
    }

    void Run(int count)
    {
        rows = count;
        team.Run(step);
    }

    void Step(int thread)
    {
        if (thread == 0)
            Embed();
        team.Meet();
        for (var index = 0; index < weights.Layers.Length; index++)
        {
            ref readonly var layer = ref weights.Layers[index];
            Normalise(thread, layer.AttentionNorm);
            Product(thread, layer.QueryKeyValue, normed[thread], geometry.Width, projected, 3 * geometry.Width, add: false);
            team.Meet();
            Attend(thread, index);
            team.Meet();
            Product(thread, layer.Output, attended, geometry.Width, residual, geometry.Width, add: true);
            team.Meet();
            Normalise(thread, layer.MlpNorm);
            Product(thread, layer.Up, normed[thread], geometry.Width, hidden, NanoGptGeometry.MlpRatio * geometry.Width, add: false);
            Activate(thread);
            team.Meet();
            Product(thread, layer.Down, hidden, NanoGptGeometry.MlpRatio * geometry.Width, residual, geometry.Width, add: true);
            team.Meet();
        }

        Normalise(thread, weights.Norm);
        Product(thread, new(weights.Tokens, null), normed[thread], geometry.Width, logits, geometry.Vocabulary, add: false);
    }

    public void Dispose()
    {
        team.Dispose();
        foreach (var numbers in (NativeFloats[])[residual, projected, attended, hidden, logits, .. normed, .. scores])
            numbers.Dispose();
    }
}
