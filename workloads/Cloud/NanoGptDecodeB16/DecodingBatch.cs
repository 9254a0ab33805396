using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGptDecodeB16;

/// <summary>One step of all rows: the logits of each, and the tokens that they choose.</summary>
sealed record DecodedStep(int[] Tokens, float[][] Logits);

/// <summary>Texts that go on together, a token each per step, every one in a cache of its own.</summary>
sealed class DecodingBatch : IDisposable
{
    readonly CachedGpt gpt;
    readonly KeyValueCache[] caches;

    public DecodingBatch(NanoGptModel model, GptNumbers numbers, int rows, int capacity)
    {
        gpt = new CachedGpt(model, get_num_threads(), rows, numbers);
        caches = [.. Enumerable.Range(0, rows).Select(_ => gpt.NewCache(capacity))];
    }

    public int Rows => caches.Length;

    public long BytesPerToken => caches[0].BytesPerToken;

    public long WeightBytes => gpt.WeightBytes;

    /// <summary>What a step reads: the weights once, and what each row knows so far.</summary>
    public long BytesPerStep => WeightBytes + caches.Sum(cache => cache.Length * cache.BytesPerToken);

    /// <summary>A row begins with this text.</summary>
    /// <returns>The token that it would go on with.</returns>
    public int Read(int row, ReadOnlySpan<int> text)
    {
        caches[row].Truncate(0);
        return Logits.Greedy(gpt.Prefill(caches[row], text));
    }

    /// <summary>A row begins with what a row of another batch holds.</summary>
    public void Copy(int row, DecodingBatch other, int otherRow) => caches[row].CopyFrom(other.caches[otherRow]);

    public void Truncate(int length)
    {
        foreach (var cache in caches)
            cache.Truncate(length);
    }

    /// <summary>The logits after one token more for each row, [rows, V].</summary>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens) => gpt.AppendEach(caches, tokens);

    /// <summary>Appends a token to each row, then the ones that the rows choose.</summary>
    public IEnumerable<DecodedStep> Generate(int[] tokens, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var logits = Append(tokens).ToArray().Chunk(gpt.Vocabulary).ToArray();
            tokens = Array.ConvertAll(logits, row => Logits.Greedy(row));
            yield return new(tokens, logits);
        }
    }

    public void Dispose()
    {
        gpt.Dispose();
        foreach (var cache in caches)
            cache.Dispose();
    }
}
