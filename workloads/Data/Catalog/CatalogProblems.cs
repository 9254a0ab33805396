namespace MlPerfEdu.Data;

/// <summary>Collects the mistakes of one file, one method per kind.</summary>
/// <param name="codes">Each kind of file has codes of its own.</param>
public sealed class CatalogProblems(string file, CatalogCodes codes)
{
    readonly List<CatalogProblem> _found = [];

    public void NotReadable(int line, int column, string found) =>
        Add(line, column, codes.NotReadable, $"found {found}, expected one plain YAML document. Correct it here.");

    public void UnknownKey(YamlText key, string where, IEnumerable<string> known) =>
        Add(key.Line, key.Column, codes.UnknownKey, $"{where} has no key {key.Kind}, expected one of: {string.Join(", ", known)}. Correct or remove it.");

    public void MissingKey(YamlNode at, string where, string key, string expected) =>
        Add(at.Line, at.Column, codes.MissingKey, $"{where} has no '{key}', expected {expected}. Add it.");

    public void WrongValue(YamlNode at, string where, string found, string expected) =>
        Add(at.Line, at.Column, codes.WrongValue, $"{where}: found {found}, expected {expected}. Correct it.");

    public void Duplicate(YamlText key, string where, int firstLine) =>
        Add(key.Line, key.Column, codes.Duplicate, $"{where} has {key.Kind} twice, first in line {firstLine}. Keep one.");

    public void ThrowIfAny()
    {
        if (_found.Count > 0) throw new CatalogException([.. _found.OrderBy(p => p.Line).ThenBy(p => p.Column)]);
    }

    /// <summary>A mistake that only this kind of file can have.</summary>
    public void Add(YamlNode at, string code, string message) => Add(at.Line, at.Column, code, message);

    void Add(int line, int column, string code, string message) => _found.Add(new(file, line, column, code, message));
}
