namespace MlPerfEdu.Cli.Commands;

sealed class KernelsListCommand() : CliCommand(
    "list", "Show the LLM serving kernels and their rows in the original's table.",
    new Example("kernels list", "All of serving.yaml."))
{
    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var modules = new ServingFiles(invocation.Repository).Modules();
        invocation.Answer(new { Modules = modules }, screen => screen.Table(
            [">row", "module", "operation", ">original", "shapes"],
            modules.SelectMany(module => module.Rows.Select(row => (module.Id, Row: row))).OrderBy(pair => pair.Row.Row),
            pair =>
            [
                $"{pair.Row.Row}", pair.Id, pair.Row.Operation,
                pair.Row.OriginalMicroseconds is { } original ? Units.Si(original * 1e-6, "s") : "", pair.Row.Shapes,
            ]));
        return ExitCode.Ok;
    }
}

sealed class KernelsRunCommand() : CliCommand(
    "run", "Measure the serving kernels, and keep the latencies.",
    new("kernels run",
        "All rows, in two to three minutes; do not use the machine meanwhile. Exits with 1 if one is slower than in the original's table."),
    new("kernels run gqa paged-kv", "The rows of two modules."),
    new("kernels run --beside python3", "Also the original's NumPy code for each row, on this machine."))
{
    readonly Argument<string[]> ids = ManyValues("MODULE", "Modules of serving.yaml; by default all");
    readonly Option<string?> beside = new("--beside")
        { Description = "Also time the original's NumPy code for each row, in turn, with this Python; it needs NumPy", HelpName = "PYTHON" };

    protected override IReadOnlyList<Symbol> Inputs => [ids, beside];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var files = new ServingFiles(invocation.Repository);
        var modules = files.Modules(parse.GetValue(ids)!);
        EvidenceRoom.Check(files.EvidenceFolder);
        using var original = parse.GetValue(beside) is { } python
            ? OriginalProcess.Start(python, files.Script) ?? throw CliErrors.NotStarted(python)
            : null;
        var run = invocation.Track(
            "kernels", progress => invocation.Services.Kernels(modules, invocation.Facts, original, progress, invocation.Stop));
        var slower = 0;
        foreach (var (module, rows) in run.Modules)
        {
            KernelEvidence.Of(module, invocation.Facts, run.Roofs, rows).Write(files.EvidenceFolder);
            slower += rows.Count(row => row.Ratio < 1);
            foreach (var row in rows)
            {
                var ratio = row.Ratio is { } known ? $", {known:0.0} times as fast as the original" : "";
                invocation.Log.Line(
                    $"{module.Id} {row.Row.Operation}: {row.Latency.Median * 1e6:0.###} µs{ratio}", row.Ratio < 1 ? Tone.Bad : Tone.Plain);
            }
        }
        var table = files.Table(modules);
        invocation.Answer(new { run.Roofs, Slower = slower, Markdown = table.Markdown() }, screen => screen.Line(table.Markdown()));
        return slower == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}

sealed class KernelsTableCommand() : CliCommand(
    "table", "Show the latest measurements of the serving kernels next to the original's table.",
    new("kernels table", "Markdown, all rows."),
    new("kernels table --write-readme", "The same table, written into workloads/Serving/README.md; nothing else in the file changes."))
{
    readonly Option<bool> writeReadme = new("--write-readme")
        { Description = "Put the table between the results marks of workloads/Serving/README.md" };

    protected override IReadOnlyList<Symbol> Inputs => [writeReadme];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var files = new ServingFiles(invocation.Repository);
        var table = files.Table(files.Modules());
        foreach (var module in table.Missing)
            invocation.Remark($"no measurement of {module}; `mlperfedu kernels run {module}` makes one.");
        bool? written = parse.GetValue(writeReadme) ? ReadmeTable.Write(files.Readme, ReadmeTable.Results, table.Markdown()) : null;
        invocation.Answer(
            new { Markdown = table.Markdown(), table.Missing, ReadmeChanged = written },
            screen => screen.Line(written is { } changed ? ReadmeTable.Answer("workloads/Serving/README.md", changed) : table.Markdown()));
        return ExitCode.Ok;
    }
}

/// <summary>workloads/Serving of the clone, and where its evidence goes.</summary>
sealed class ServingFiles(Repository repository)
{
    readonly string folder = Path.Combine(repository.Root, "workloads", "Serving");

    public string EvidenceFolder { get; } = Path.Combine(repository.NewEvidenceFolder, "serving");

    public string Readme => Path.Combine(folder, "README.md");
    public string Script => Path.Combine(folder, "original.py");

    /// <summary>The modules of serving.yaml with these ids, or all when none is named.</summary>
    public IReadOnlyList<KernelModule> Modules(params IReadOnlyCollection<string> ids)
    {
        var read = KernelCatalogReader.Read(Path.Combine(folder, "serving.yaml"));
        var all = read.Modules ?? throw CliErrors.CatalogInvalid(read.Diagnostics, "serving.yaml");
        foreach (var id in ids.Where(id => all.All(module => module.Id != id)))
            throw CliErrors.UnknownModule(id, all.Select(module => module.Id));
        return ids.Count == 0 ? all : [.. all.Where(module => ids.Contains(module.Id))];
    }

    public KernelTable Table(IReadOnlyList<KernelModule> modules) => new(modules, module => KernelEvidence.Read(EvidenceFolder, module));
}
