namespace MlPerfEdu.Data;

/// <summary>One mistake in a YAML file; line and column count from 1.</summary>
public sealed record CatalogProblem(string File, int Line, int Column, string Code, string Message)
{
    public override string ToString() => $"{File}({Line},{Column}): error {Code}: {Message}";
}

/// <summary>All mistakes of the file at once.</summary>
public sealed class CatalogException(IReadOnlyList<CatalogProblem> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<CatalogProblem> Problems { get; } = problems;
}
