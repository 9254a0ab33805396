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

/// <summary>The codes under which the mistakes of one kind of file are reported.</summary>
public sealed record CatalogCodes(string NotReadable, string UnknownKey, string MissingKey, string WrongValue, string Duplicate);

/// <summary>Collects the mistakes of one file, one method per kind.</summary>
/// <param name="codes">Each kind of file has codes of its own.</param>
public sealed class CatalogProblems(string file, CatalogCodes codes)
{
    readonly List<CatalogProblem> _problems = [];

    public void NotReadable(int line, int column, string found) =>
        Add(line, column, codes.NotReadable, $"found {found}, expected one plain YAML document. Correct it here.");

    public void UnknownKey(YamlText key, string where, IEnumerable<string> known) =>
        Add(key, codes.UnknownKey, $"{where} has no key {key.Kind}, expected one of: {string.Join(", ", known)}. Correct or remove it.");

    public void MissingKey(YamlNode at, string where, string key, string expected) =>
        Add(at, codes.MissingKey, $"{where} has no '{key}', expected {expected}. Add it.");

    public void WrongValue(YamlNode at, string where, string found, string expected) =>
        Add(at, codes.WrongValue, $"{where}: found {found}, expected {expected}. Correct it.");

    public void Duplicate(YamlText key, string where, int firstLine) =>
        Add(key, codes.Duplicate, $"{where} has {key.Kind} twice, first in line {firstLine}. Keep one.");

    /// <summary>A mistake that only this kind of file can have.</summary>
    public void Add(YamlNode at, string code, string message) => Add(at.Line, at.Column, code, message);

    void Add(int line, int column, string code, string message) => _problems.Add(new(file, line, column, code, message));

    public void ThrowIfAny()
    {
        if (_problems.Count > 0) throw new CatalogException([.. _problems.OrderBy(p => p.Line).ThenBy(p => p.Column)]);
    }
}
