namespace MlPerfEdu.Catalog;

public sealed record KernelModule
{
    public required string Id { get; init; }

    /// <summary>Its name in the original.</summary>
    public required string Name { get; init; }
    public required string Does { get; init; }

    /// <summary>Where ours differs from the original.</summary>
    public string? Differs { get; init; }
    public required IReadOnlyList<KernelRow> Rows { get; init; }
    public required int Line { get; init; }
}

/// <summary>One operation in one configuration.</summary>
/// <param name="Row">The row of the original's table, from 1; several configurations may share one.</param>
/// <param name="OriginalMicroseconds">From the original's table; absent where the original never timed this configuration.</param>
/// <param name="Reason">Why ours is less than ten times as fast; absent where it is.</param>
public sealed record KernelRow(int Row, string Operation, string Shapes, double? OriginalMicroseconds, string? Reason, int Line);

/// <summary>The modules of serving.yaml, or the reasons why there are none; never both.</summary>
public sealed record KernelCatalogReadResult(IReadOnlyList<KernelModule>? Modules, IReadOnlyList<Diagnostic> Diagnostics);

public static class KernelCatalogReader
{
    // The original's table has so many rows.
    static readonly NumberRange Rows = NumberRange.Between(1, 61);

    // A call of more than a quarter of an hour was timed by nobody.
    static readonly NumberRange Microseconds = new("a number above 0 and at most 1e9", value => value is > 0 and <= 1e9);

    public static KernelCatalogReadResult Read(string path)
    {
        var problems = new Problems(path);
        List<KernelModule> modules = [];
        if (SourceText.Read(path, problems) is { } source && YamlTreeReader.Read(source.Text, problems, out _) is { } root)
        {
            var file = new Fields(root, "the file", ["schema", "modules"], problems);
            CatalogCheck.CheckSchema(file, supported: 1, problems);
            var pairs = (file.Required("modules") with { Name = "modules" }).Pairs("a mapping from ids to their contents");
            modules.AddRange(pairs.Select(pair => ReadModule(pair, problems)));
        }
        return problems.Any ? new(null, problems.ToList()) : new(modules, []);
    }

    static KernelModule ReadModule(YamlPair pair, Problems problems)
    {
        var id = new Field(pair.Key, "a module", problems).Id();
        var fields = new Fields(pair.Value, $"module {Quoted.Of(id)}", ["name", "does", "differs", "rows"], problems);
        var operations = new Dictionary<string, Position>();
        return new()
        {
            Id = id,
            Name = fields.Required("name").Line(),
            Does = fields.Required("does").Line(),
            Differs = fields.Optional("differs")?.Line(),
            Rows = [.. fields.Required("rows").Items().Select(item => ReadRow(item, fields.Owner, operations))],
            Line = pair.Key.Start.Line,
        };
    }

    static KernelRow ReadRow(Field item, string owner, Dictionary<string, Position> operations)
    {
        var fields = item.Fields($"a row of {owner}", ["row", "operation", "shapes", "original_us", "reason"]);
        var operation = fields.Required("operation");
        if (operation.Node is YamlScalar written && !operations.TryAdd(written.Text, written.Start))
            item.Problems.OperationTwice(written, owner, operations[written.Text]);
        return new((int)fields.Required("row").Whole(Rows), operation.Id(), fields.Required("shapes").Line(),
            fields.Optional("original_us")?.Number(Microseconds), fields.Optional("reason")?.Line(), item.Node.Start.Line);
    }
}
