namespace MlPerfEdu.Generator;

/// <summary>The ids that datasets.yaml declares: the keys below <c>datasets</c>. The data library checks the rest.</summary>
internal static class DatasetIds
{
    public static IReadOnlyList<string>? Read(string path, Problems problems)
    {
        if (SourceFile.Read(path, problems) is not { } bytes || SourceText.Decode(bytes, problems) is not { } decoded)
            return null;
        var damaged = new HashSet<int>();
        if (SourceText.Sanitise(decoded, problems, damaged) is not { } text)
            return null;
        var root = YamlTreeReader.Read(text, problems, out var stoppedAtLine);
        if (root is null || stoppedAtLine > 0)
            return null;
        if (root is not YamlMapping mapping)
            new Values(problems).WrongKind(root, "the file", "a mapping with the key datasets");
        else if (mapping.Find("datasets") is not { } pair)
            problems.MissingKey(root.Start, "datasets", "the file");
        else if (pair.Value is not YamlMapping datasets)
            new Values(problems).WrongKind(pair.Value, "datasets", "a mapping from ids to data sets");
        else
            return [.. datasets.Pairs.Select(dataset => dataset.Key.Text)];
        return null;
    }
}
