using static TorchSharp.torch.nn;
using static TorchSharp.torch;

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
        return new(words, probability > 0 ? KeyedDropout.Of(wordValues, probability) : wordValues);
    }

    static IEnumerable<(int Row, int Column)> Copies(int copies, IEnumerable<(int Row, int Column)> cells, int rows, int columns) =>
        Enumerable.Range(0, copies).SelectMany(copy => cells.Select(cell => (copy * rows + cell.Row, copy * columns + cell.Column)));

    public void Dispose()
    {
        wordValues.Dispose();
        neighbourValues.Dispose();
    }
}

/// <summary>Â = D^-½·(A + I)·D^-½ of a graph, row by row: citations count both ways, and papers are their own neighbours.</summary>
public sealed class Neighbourhood
{
    readonly int[] degrees;

    public Neighbourhood(CitationGraph papers)
    {
        var cells = Enumerable.Range(0, papers.Papers).Select(paper => (Row: paper, Column: paper))
            .Concat(papers.Citations.Select(pair => (Row: pair.First, Column: pair.Second)))
            .Concat(papers.Citations.Select(pair => (Row: pair.Second, Column: pair.First))).Order().ToList();
        degrees = new int[papers.Papers];
        foreach (var (row, _) in cells) degrees[row]++;
        Rows = [.. cells.Select(cell => cell.Row)];
        Columns = [.. cells.Select(cell => cell.Column)];
        Values = [.. cells.Select(cell => (float)(1 / Math.Sqrt((double)degrees[cell.Row] * degrees[cell.Column])))];
    }

    public int[] Rows { get; }

    public int[] Columns { get; }

    public float[] Values { get; }

    public bool IsSymmetric
    {
        get
        {
            var cells = Enumerable.Range(0, Values.Length).ToDictionary(i => (Rows[i], Columns[i]), i => Values[i]);
            return cells.All(cell => cells.TryGetValue((cell.Key.Item2, cell.Key.Item1), out var mirrored) && mirrored == cell.Value);
        }
    }

    /// <summary>
    /// How far Â·v is from v for v = √degree: a matrix without negative numbers that leaves a positive
    /// vector as it is has the spectral radius 1.
    /// </summary>
    public double DistanceFromUnitRadius()
    {
        var moved = new double[degrees.Length];
        for (var i = 0; i < Values.Length; i++) moved[Rows[i]] += Values[i] * Math.Sqrt(degrees[Columns[i]]);
        return moved.Zip(degrees, (value, degree) => Math.Abs(value / Math.Sqrt(degree) - 1)).Max();
    }
}
