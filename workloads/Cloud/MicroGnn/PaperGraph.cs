using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Cloud.MicroGnn;

/// <summary>Papers as tensors: their words, one in a hundred of which is there, and their neighbours, both sparse.</summary>
public sealed class PaperGraph : IDisposable
{
    readonly SparsePattern words;
    readonly Tensor wordValues, neighbourValues;

    /// <param name="copies">The same graph so many times, side by side.</param>
    public PaperGraph(CitationGraph papers, int copies = 1)
    {
        var (nodes, neighbours) = (papers.Papers, new Neighbourhood(papers));
        StoredWords = (long)copies * papers.Words.Sum(words => words.Length);
        StoredNeighbours = (long)copies * neighbours.Values.Length;
        words = new(copies * nodes, papers.Vocabulary,
            [.. Copies(copies, papers.Words.SelectMany((words, paper) => words.Select(word => (paper, word))), nodes, 0)]);
        wordValues = ones(StoredWords);
        neighbourValues = tensor([.. Enumerable.Range(0, copies).SelectMany(_ => neighbours.Values)]);
        var cells = Copies(copies, neighbours.Rows.Zip(neighbours.Columns), nodes, nodes);
        Neighbours = new(new(copies * nodes, copies * nodes, [.. cells]), neighbourValues);
    }

    /// <summary>Â, [N, N].</summary>
    public SparseMatrix Neighbours { get; }

    public long StoredWords { get; }

    public long StoredNeighbours { get; }

    /// <summary>[N, vocabulary]. Where there is no word, leaving it out changes nothing: only words that are there are drawn for.</summary>
    public SparseMatrix Words(double probability)
    {
        ModuleCounter.Active?.Add(
            SparseLinearCount.Input("input", words.ByRow.Count, words.ByColumn.Count, wordValues.numel()), wordValues, []);
        return new(words, F.dropout(wordValues, probability, probability > 0));
    }

    static IEnumerable<(int Row, int Column)> Copies(int copies, IEnumerable<(int Row, int Column)> cells, int rows, int columns) =>
        Enumerable.Range(0, copies).SelectMany(copy => cells.Select(cell => (copy * rows + cell.Row, copy * columns + cell.Column)));

    public void Dispose()
    {
        wordValues.Dispose();
        neighbourValues.Dispose();
    }
}
