namespace MlPerfEdu.Generator;

/// <summary>A text, its mistakes, and the lines on which something else was read than the file holds.</summary>
public sealed record TextReadResult(string? Text, IReadOnlyList<Diagnostic> Diagnostics, IReadOnlySet<int> DamagedLines);

/// <summary>Reads the text of a YAML file for a library that checks it: bounded, UTF-8, without surprising characters.</summary>
public static class TextFile
{
    public static TextReadResult Read(string path)
    {
        var problems = new Problems(path);
        var damaged = new HashSet<int>();
        var text = SourceFile.Read(path, problems) is { } bytes && SourceText.Decode(bytes, problems) is { } decoded
            ? SourceText.Sanitise(decoded, problems, damaged)
            : null;
        return new(text, problems.ToList(), damaged);
    }
}
