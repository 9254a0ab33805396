using MlPerfEdu.Data;

namespace MlPerfEdu.Workloads.Cloud.MicroGnn;

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
