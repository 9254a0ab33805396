using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroBert;

/// <summary>The commonest words of the sentences to train on, each with a number; what is scored adds none.</summary>
public sealed class Vocabulary
{
    /// <summary>Beyond a sentence's end, any other word, before a sentence, after it.</summary>
    public const int Padding = 0, Unknown = 1, First = 2, Last = 3, Special = 4;

    readonly Dictionary<string, int> numbers;

    /// <param name="size">With the special ones.</param>
    public Vocabulary(IEnumerable<Sentence> trained, int size) => numbers = trained.SelectMany(sentence => Words(sentence.Text)).CountBy(word => word)
        .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(size - Special)
        .Index().ToDictionary(word => word.Item.Key, word => Special + word.Index, StringComparer.Ordinal);

    public int Count => Special + numbers.Count;

    /// <summary>One row per sentence: first, its words as far as there is room, last, and padding.</summary>
    public long[] Numbers(IReadOnlyList<Sentence> sentences, int length)
    {
        var rows = new long[sentences.Count * length];
        for (var i = 0; i < sentences.Count; i++)
        {
            var row = rows.AsSpan(i * length, length);
            var at = 0;
            row[at++] = First;
            foreach (var word in Words(sentences[i].Text).Take(length - 2)) row[at++] = Number(word);
            row[at] = Last;
        }
        return rows;
    }

    public int Number(string word) => numbers.GetValueOrDefault(word, Unknown);

    public static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The rows that a batch of sentences is for a model: one per word, those of a sentence below one another.</summary>
/// <param name="Words">[N]</param>
/// <param name="Places">[N], from 0 in each sentence.</param>
/// <param name="Firsts">[B]: the row of each sentence's first word.</param>
/// <param name="Starts">The same as numbers, and after the last sentence N.</param>
/// <param name="Mask">[B, 1, 1, T]: −∞ at padding; absent where no row is padding.</param>
public sealed record SentenceRows(Tensor Words, Tensor Places, Tensor Firsts, int[] Starts, Tensor? Mask)
{
    /// <summary>Without padding: a batch has as many rows as its sentences have words.</summary>
    /// <param name="numbers">[B, T] from a <see cref="Vocabulary"/>.</param>
    public static SentenceRows Of(Tensor numbers)
    {
        var (batch, length) = ((int)numbers.shape[0], (int)numbers.shape[1]);
        var rows = MemoryMarshal.Cast<byte, long>(numbers.contiguous().bytes);
        var starts = new int[batch + 1];
        for (var i = 0; i < batch; i++) starts[i + 1] = starts[i] + Length(rows.Slice(i * length, length));
        var (words, places) = (new long[starts[batch]], new long[starts[batch]]);
        for (var i = 0; i < batch; i++)
        {
            var count = starts[i + 1] - starts[i];
            rows.Slice(i * length, count).CopyTo(words.AsSpan(starts[i]));
            for (var place = 0; place < count; place++) places[starts[i] + place] = place;
        }
        return new(tensor(words), tensor(places), tensor(starts[..batch], dtype: ScalarType.Int64), starts, null);
    }

    /// <summary>As libtorch's operators need it: as many rows for every sentence.</summary>
    public static SentenceRows Padded(Tensor numbers)
    {
        var (batch, length) = (numbers.shape[0], numbers.shape[1]);
        var mask = zeros(batch, length).masked_fill(numbers.eq(Vocabulary.Padding), float.NegativeInfinity).view(batch, 1, 1, length);
        return new(
            numbers.flatten(), arange(length, dtype: ScalarType.Int64).repeat(batch), arange(batch, dtype: ScalarType.Int64) * length,
            [.. Enumerable.Range(0, (int)batch + 1).Select(i => i * (int)length)], mask);
    }

    static int Length(ReadOnlySpan<long> row) => row.IndexOf(Vocabulary.Padding) is >= 0 and var end ? end : row.Length;
}

/// <summary>Logistic regression on which words a sentence has, without their order: what a model that reads is held against.</summary>
static class BagOfWords
{
    const int Passes = 8;

    // Of AdaGrad (Duchi et al., 2011), and of the squared weights.
    const double Rate = 0.3, Decay = 1e-6;

    public static double Accuracy(ReadOnlySpan<long> trained, ReadOnlySpan<byte> labels, ReadOnlySpan<long> scored, ReadOnlySpan<byte> expected, int length, int words)
    {
        var (weights, squares, order) = (new double[words], new double[words], new Xoshiro(1));
        for (var step = 0; step < Passes * labels.Length; step++)
        {
            var i = order.Below(labels.Length);
            var bag = Bag(trained.Slice(i * length, length));
            var gradient = 1 / (1 + Math.Exp(-Logit(weights, bag))) - labels[i];
            foreach (var word in bag)
            {
                var slope = gradient + Decay * weights[word];
                squares[word] += slope * slope;
                weights[word] -= Rate * slope / Math.Sqrt(squares[word] + 1e-8);
            }
        }
        var right = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (Logit(weights, Bag(scored.Slice(i * length, length))) > 0 == (expected[i] == 1)) right++;
        }
        return (double)right / expected.Length;
    }

    // Every sentence has a first word, whose weight is the constant.
    static double Logit(double[] weights, HashSet<int> bag)
    {
        var sum = 0.0;
        foreach (var word in bag) sum += weights[word];
        return sum;
    }

    static HashSet<int> Bag(ReadOnlySpan<long> row)
    {
        var bag = new HashSet<int>();
        foreach (var word in row)
        {
            if (word != Vocabulary.Padding) bag.Add((int)word);
        }
        return bag;
    }
}
