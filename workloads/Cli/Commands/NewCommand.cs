using System.Text;
using MlPerfEdu.Roofline;

namespace MlPerfEdu.Cli.Commands;

sealed class NewCommand() : CliCommand(
    "new", "Begin a workload as a copy of one that trains: its folder, entry and test, with a mark where a person must decide.",
    new Example("new my-lstm --suite cloud --like micro-gnn-train", "It builds and trains at once; `dotnet test` names each mark that is left."))
{
    readonly Argument<string> id = OneValue("ID", "The new workload: lower-case words joined by '-'");
    readonly Option<string> suite = new("--suite") { Description = "The suite it joins", HelpName = "NAME", Required = true };
    readonly Option<string> like = new("--like") { Description = "The workload to copy, one that trains", HelpName = "ID", Required = true };

    protected override IReadOnlyList<Symbol> Inputs => [id, suite, like];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var name = parse.GetValue(id)!;
        invocation.Suite(parse.GetValue(suite)!);
        var model = invocation.Workload(parse.GetValue(like)!) as WorkloadEntry
            ?? throw CliErrors.NotTrained(parse.GetValue(like)!, invocation.Catalog.Workloads.Select(entry => entry.Id));
        var files = new NewWorkload(invocation.Repository, model, name, parse.GetValue(suite)!).Write();
        invocation.Answer(new { Id = name, Files = files }, screen =>
        {
            foreach (var file in files)
                screen.Line($"write  {file}");
            screen.Line($"Next: look for '{NewWorkload.Mark}' in these files, then `dotnet run --project workloads -- run {name} --no-measure`.");
        });
        return ExitCode.Ok;
    }
}

/// <summary>The files of a workload that begins as a copy of another.</summary>
sealed class NewWorkload(Repository repository, WorkloadEntry like, string id, string suite)
{
    /// <summary>What a person must decide; a test fails for each that is left.</summary>
    public const string Mark = "FILL IN:";

    // The trained model's name: my-lstm of my-lstm-train.
    readonly string model = id.EndsWith("-train", StringComparison.Ordinal) ? id[..^"-train".Length] : id;

    /// <returns>What was written, from the root of the clone.</returns>
    /// <exception cref="CliException">The id cannot be used, or its folder is there already; nothing was written.</exception>
    public IReadOnlyList<string> Write()
    {
        // The checks of the catalog come first: only a valid id becomes a path.
        var yaml = WithEntry(File.ReadAllText(repository.WorkloadsYaml));
        if (WorkloadCatalogReader.ReadBytes(Encoding.UTF8.GetBytes(yaml), "workloads.yaml").Diagnostics is [var mistake, ..])
            throw CliErrors.NewEntryInvalid(id, mistake);

        var original = Path.GetDirectoryName(repository.TwinOf(like.Id))!;
        var newName = ClassName.Of(model);
        var folder = Path.Combine(repository.Root, "workloads", ClassName.Of(suite), newName);
        if (Directory.Exists(folder))
            throw CliErrors.FolderTaken(repository.Relative(folder));

        var written = new List<string>();
        foreach (var file in Directory.EnumerateFiles(original).Order(StringComparer.Ordinal))
            Put(Path.Combine(folder, Path.GetFileName(file)), Marked(Path.GetFileName(file), Renamed(File.ReadAllText(file), original, newName)));
        Put(Path.Combine(repository.Root, "tests", "MlPerfEdu.Workloads.Tests", ClassName.Of(suite), $"{newName}Tests.cs"), Test(newName));
        Put(repository.WorkloadsYaml, yaml);
        return written;

        void Put(string path, string text)
        {
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
            written.Add(repository.Relative(path));
        }
    }

    string Renamed(string text, string original, string newName)
    {
        var (oldSuite, oldName) = (Path.GetFileName(Path.GetDirectoryName(original)), Path.GetFileName(original));
        return text
            .Replace($"MlPerfEdu.Workloads.{oldSuite}.{oldName}", $"MlPerfEdu.Workloads.{ClassName.Of(suite)}.{newName}")
            .Replace(like.Id, id).Replace(like.Model, model).Replace(oldName, newName);
    }

    string Marked(string file, string text) => file switch
    {
        "Model.cs" => AfterNamespace(text, $"// {Mark} sizes, layers and forward of {model}; this is still the model of {like.Id}."),
        "Workload.cs" => AfterNamespace(text, $"// {Mark} data, loss, scores and invariants of {id}; these are still those of {like.Id}."),
        "Kernels.cs" => AfterNamespace(text, $"// {Mark} kernels that {model} needs, or delete this file; these are still those of {like.Id}."),
        "twin.py" => $"# {Mark} the step of {id} in plain PyTorch; this is still the one of {like.Id}.\n{text}",
        "README.md" => $"{Mark} what {id} learns, from whom it comes, and its predicted FLOP, bytes and time; this is still the text of {like.Id}.\n\n{text}",
        _ => text,
    };

    static string AfterNamespace(string text, string line)
    {
        var end = text.IndexOf('\n', text.IndexOf("\nnamespace ", StringComparison.Ordinal) + 1) + 1;
        return $"{text[..end]}\n{line}\n{text[end..]}";
    }

    string Test(string name) => $$"""
        namespace MlPerfEdu.Workloads.Tests.{{ClassName.Of(suite)}};

        public class {{name}}Tests
        {
            // {{Mark}} what must be true of {{model}} whatever it has learned, such as causality or a symmetry; one test each.
            [Fact]
            public void Its_invariants_hold()
            {
                using var workload = Embedded.Create("{{id}}");
                Assert.All(workload.CheckInvariants(), invariant => Assert.True(invariant.Holds, $"{invariant.Name}: {invariant.Found}"));
            }
        }

        """;

    /// <summary>workloads.yaml with a copy of the entry at the end of the suite, without what was measured or corrected.</summary>
    string WithEntry(string yaml)
    {
        var lines = yaml.ReplaceLineEndings("\n").Split('\n').ToList();
        var begin = like.Line - 1;
        var entry = Statement(lines[(begin + 1)..EndOfBlock(lines, begin)]);
        var at = EndOfBlock(lines, lines.FindIndex(line => line.TrimEnd() == $"  {suite}:"));
        lines.InsertRange(at, ["", $"    {id}:", .. entry]);
        return string.Join('\n', lines);
    }

    // The lines below an entry's id, with marks.
    List<string> Statement(IReadOnlyList<string> lines)
    {
        string[] measured = ["regime:", "errata:", "closed:", "provenance:", "params_note:", "note:"];
        var kept = new List<string>();
        var leavesOut = false;
        foreach (var line in lines)
        {
            var (indent, text) = (line.Length - line.TrimStart().Length, line.Trim());
            if (indent == 6) leavesOut = measured.Any(key => text.StartsWith(key, StringComparison.Ordinal));
            if (leavesOut || text.StartsWith('#') || text.StartsWith("reference:", StringComparison.Ordinal)) continue;
            if (text.StartsWith("params:", StringComparison.Ordinal))
                kept.Add($"      # {Mark} the number of trained parameters; `run {id} --no-measure` prints what was built.");
            if (text.StartsWith("data:", StringComparison.Ordinal))
                kept.Add($"      # {Mark} data sets, the most wanted first, and for each a target that a trivial answer misses.");
            kept.Add(text.StartsWith("model:", StringComparison.Ordinal) ? $"      model: {model}" : line);
        }
        kept.Add($"      provenance: \"{Mark} the paper or the code that {model} comes from.\"");
        return kept;
    }

    // Behind the last line that is indented deeper; blank lines after it belong to what follows.
    static int EndOfBlock(List<string> lines, int begin)
    {
        var indent = lines[begin].Length - lines[begin].TrimStart().Length;
        var end = begin + 1;
        for (var i = begin + 1; i < lines.Count; i++)
        {
            if (lines[i].Trim().Length == 0) continue;
            if (lines[i].Length - lines[i].TrimStart().Length <= indent) break;
            end = i + 1;
        }
        return end;
    }
}
