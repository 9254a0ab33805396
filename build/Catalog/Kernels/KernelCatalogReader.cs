namespace MlPerfEdu.Generator;

/// <summary>The modules of serving.yaml, or the reasons why there are none; never both.</summary>
public sealed record KernelCatalogReadResult(IReadOnlyList<KernelModule>? Modules, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Reads and checks serving.yaml.</summary>
public static class KernelCatalogReader
{
    const int Schema = 1;

    static readonly string[] RootKeys = ["schema", "modules"];
    static readonly string[] ModuleKeys = ["name", "does", "differs", "rows"];
    static readonly string[] RowKeys = ["row", "operation", "shapes", "original_us", "reason"];

    public static KernelCatalogReadResult Read(string path)
    {
        var problems = new Problems(path);
        List<KernelModule> modules = [];
        if (SourceFile.Read(path, problems) is { } bytes && SourceText.Decode(bytes, problems) is { } decoded
            && SourceText.Sanitise(decoded, problems, new HashSet<int>()) is { } text
            && YamlTreeReader.Read(text, problems, out _) is { } root)
            modules = ReadModules(new Fields(root, "the file", RootKeys, problems), problems);
        return problems.Any ? new(null, problems.ToList()) : new(modules, []);
    }

    static List<KernelModule> ReadModules(Fields file, Problems problems)
    {
        if (file.Whole("schema", NumberRange.Any) is not Schema && file.Optional("schema") is YamlScalar written
            && Values.IsNumber(written))
            problems.UnsupportedSchema(written, Schema);
        var node = file.Required("modules");
        if (node is YamlMapping mapping)
            return [.. mapping.Pairs.Select(pair => ReadModule(pair, problems))];
        new Values(problems).WrongKind(node, "modules", "a mapping from ids to their contents");
        return [];
    }

    static KernelModule ReadModule(YamlPair pair, Problems problems)
    {
        var id = new Values(problems).Id(pair.Key, "a module");
        var fields = new Fields(pair.Value, $"module {Quoted.Of(id)}", ModuleKeys, problems);
        var operations = new Dictionary<string, Position>();
        return new()
        {
            Id = id,
            Name = fields.Text("name"),
            Does = fields.Text("does"),
            Differs = fields.OptionalText("differs"),
            Rows = [.. fields.Items("rows").Select(item => ReadRow(item, fields.Owner, operations, problems))],
            Line = pair.Key.Start.Line,
        };
    }

    static KernelRow ReadRow(YamlNode node, string owner, Dictionary<string, Position> operations, Problems problems)
    {
        var fields = new Fields(node, $"a row of {owner}", RowKeys, problems);
        var operation = fields.Id("operation");
        if (fields.Optional("operation") is YamlScalar written && !operations.TryAdd(operation, written.Start))
            problems.OperationTwice(written, owner, operations[operation]);
        return new((int)fields.Whole("row", NumberRange.Count), operation, fields.Text("shapes"),
            fields.OptionalNumber("original_us", NumberRange.Positive), fields.OptionalText("reason"), node.Start.Line);
    }
}
