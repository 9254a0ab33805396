namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>A table before it is drawn. A heading that begins with '>' aligns its column to the right.</summary>
sealed class Grid(params string[] headings)
{
    readonly List<Cell[]> _rows = [];

    public IReadOnlyList<string> Headings { get; } = [.. headings.Select(heading => heading.TrimStart('>'))];

    public IReadOnlyList<bool> ToTheRight { get; } = [.. headings.Select(heading => heading.StartsWith('>'))];

    public IReadOnlyList<IReadOnlyList<Cell>> Rows => _rows;

    public void Add(params Cell[] cells) => _rows.Add(cells);
}
