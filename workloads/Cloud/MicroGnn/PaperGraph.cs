using MlPerfEdu.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Cloud.MicroGnn;

/// <summary>Papers as tensors: their words, one in a hundred of which is there, and their neighbours, both sparse.</summary>
public sealed class PaperGraph : IDisposable
{
    readonly Tensor wordIndices, wordValues;
    readonly long[] wordShape;

    /// <param name="copies">The same graph so many times, side by side.</param>
    public PaperGraph(CitationGraph papers, int copies = 1)
    {
        var (nodes, neighbours) = (papers.Papers, new Neighbourhood(papers));
        StoredWords = (long)copies * papers.Words.Sum(words => words.Length);
        StoredNeighbours = (long)copies * neighbours.Values.Length;
        wordShape = [(long)copies * nodes, papers.Vocabulary];
        var owners = papers.Words.SelectMany((words, paper) => words.Select(_ => paper));
        wordIndices = Indices(copies, nodes, owners, papers.Words.SelectMany(words => words), shiftColumns: false);
        wordValues = ones(StoredWords);
        using var indices = Indices(copies, nodes, neighbours.Rows, neighbours.Columns, shiftColumns: true);
        using var values = tensor(Repeat(copies, neighbours.Values));
        Neighbours = sparse_coo_tensor(indices, values, [wordShape[0], wordShape[0]]);
    }

    /// <summary>Â, [N, N].</summary>
    public Tensor Neighbours { get; }

    public long StoredWords { get; }

    public long StoredNeighbours { get; }

    /// <summary>[N, vocabulary]. Where there is no word, leaving it out changes nothing: only words that are there are drawn for.</summary>
    public Tensor Words(double dropout) =>
        sparse_coo_tensor(wordIndices, functional.dropout(wordValues, dropout, dropout > 0), wordShape);

    static Tensor Indices(int copies, int nodes, IEnumerable<int> rows, IEnumerable<int> columns, bool shiftColumns) =>
        stack([tensor(Shifted(copies, nodes, rows)), tensor(Shifted(copies, shiftColumns ? nodes : 0, columns))]);

    static long[] Shifted(int copies, int step, IEnumerable<int> positions) =>
        [.. Enumerable.Range(0, copies).SelectMany(copy => positions.Select(position => (long)copy * step + position))];

    static float[] Repeat(int copies, IEnumerable<float> values) => [.. Enumerable.Range(0, copies).SelectMany(_ => values)];

    public void Dispose()
    {
        wordIndices.Dispose();
        wordValues.Dispose();
        Neighbours.Dispose();
    }
}
