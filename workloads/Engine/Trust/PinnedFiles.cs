namespace MlPerfEdu.Engine.Trust;

/// <summary>What evidence may state of the files of a data set, as datasets.yaml pins them.</summary>
static class PinnedFiles
{
    // As a generated data set is listed.
    const string Contents = "contents";

    /// <param name="expected">The pinned digests, for a message.</param>
    public static bool Accepts(DataSetEntry dataset, string name, string digest, out string expected)
    {
        var accepted = Accepted(dataset, name);
        expected = accepted is null ? "no such file" : string.Join(" or ", accepted);
        return accepted is not null && (accepted.Count == 0 || accepted.Contains(digest));
    }

    public static bool IsPinned(DataSetEntry dataset, string name) => Accepted(dataset, name) is not { Count: 0 };

    /// <summary>Each of these files has to be there, under one of its names.</summary>
    public static IEnumerable<IReadOnlyList<string>> Required(DataSetEntry dataset) => dataset.Kind == DataSetKind.Embedded
        ? [[Contents]]
        : dataset.Files.Where(file => !file.Optional).SelectMany<DataFile, IReadOnlyList<string>>(file =>
            file.Holds.Count == 0 ? [[file.Name]] : [.. file.Holds.Select(held => new[] { held.Name })]);

    /// <summary>Null: the data set has no such file. Empty: one of unknown bytes, the user's own or out of a published archive.</summary>
    static IReadOnlyList<string>? Accepted(DataSetEntry dataset, string name)
    {
        if (dataset.Kind == DataSetKind.Embedded)
            return name == Contents ? [dataset.ContentsSha256 ?? ""] : null;
        if (dataset.Files.FirstOrDefault(file => file.Name == name && file.Holds.Count == 0) is { } file)
            return [.. file.Pins.Select(pin => pin.Sha256)];
        return dataset.Files.FirstOrDefault(file => file.Holds.Any(held => held.Name == name)) switch
        {
            null => null,
            { Pins.Count: > 0 } => [],
            var archive => [archive.Holds.First(held => held.Name == name).Sha256],
        };
    }
}
