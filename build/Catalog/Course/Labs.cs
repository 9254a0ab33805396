namespace MlPerfEdu.Catalog;

/// <summary>A workload with a question: what limits its step, how long does one take, and what does twice the batch do to it?</summary>
/// <param name="Title">One line.</param>
/// <param name="Think">What to look at before answering.</param>
public sealed record Lab(string Id, WorkloadEntry Workload, string Title, string Think, int Line);

/// <summary>What a file holds, or the reasons why there is nothing; never both.</summary>
public sealed record ReadResult<T>(T? Content, IReadOnlyList<Diagnostic> Diagnostics)
    where T : class;

/// <summary>Reads labs.yaml: the labs of a course, each about a workload that trains.</summary>
public static class LabsReader
{
    public static ReadResult<IReadOnlyList<Lab>> Read(string path, WorkloadCatalog catalog) => CourseFile.Read(path, ["schema", "labs"], file =>
    {
        var labs = new List<Lab>();
        var field = file.Required("labs");
        foreach (var pair in field.Pairs("a mapping from ids to labs"))
        {
            if (ReadLab(pair, field.Problems, catalog) is { } lab)
                labs.Add(lab);
        }
        if (field.Node is YamlMapping { IsIncomplete: false, Pairs.Count: 0 })
            field.Problems.EmptyList(field.Node.Start, field.Name);
        return (IReadOnlyList<Lab>)labs;
    });

    static Lab? ReadLab(YamlPair pair, Problems problems, WorkloadCatalog catalog)
    {
        var id = new Field(pair.Key, "a lab", problems).Id();
        var fields = new Fields(pair.Value, $"lab {Quoted.Of(id)}", ["workload", "title", "think"], problems);
        var workload = fields.Required("workload").OneOf([.. catalog.Workloads.Select(entry => entry.Id)]);
        var (title, think) = (fields.Required("title").Line(), fields.Required("think").Line());
        return catalog.FindWorkload(workload) is { } entry ? new(id, entry, title, think, pair.Key.Start.Line) : null;
    }
}

/// <summary>The files of a course share how they begin, and that every mistake in them is reported.</summary>
static class CourseFile
{
    public static ReadResult<T> Read<T>(string path, IReadOnlyList<string> keys, Func<Fields, T> read)
        where T : class
    {
        Problems problems = new(path), found = new(path);
        var source = SourceText.Read(path, problems);
        T? content = null;
        if (source is not null && YamlTreeReader.Read(source.Text, found, out _) is { } root)
        {
            var file = new Fields(root, "the file", keys, found);
            CatalogCheck.CheckSchema(file, supported: 1, found);
            content = read(file);
        }
        problems.Adopt(found, source?.DamagedLines ?? []);
        return problems.Any ? new(null, problems.ToList()) : new(content, []);
    }
}
