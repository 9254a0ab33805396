using System.Text;
using MlPerfEdu.Roofline;

namespace MlPerfEdu.Cli.Commands;

sealed class NewCommand() : CliCommand(
    "new", "Start a new workload as a copy of one that trains: folder, entry, twin, README and test, with a mark where you must decide.",
    new Example("new my-lstm --suite cloud --like nanogpt-train", "The copy builds and trains as it is; a test lists the marks that are left."))
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
            screen.Line("Next:");
            screen.Line($"  dotnet run --project workloads -- run {name} --no-measure    trains the copy, now and after each change");
            screen.Line($"  dotnet test {NewWorkload.TestProject} --filter FullyQualifiedName~FillIn    fails for each '{NewWorkload.Mark}' that is left; delete a mark when its part is done");
            screen.Line("workloads/README.md, 'Adding a workload', says what belongs in each place.");
        });
        return ExitCode.Ok;
    }
}

/// <summary>The files of a workload that begins as a copy of another.</summary>
sealed class NewWorkload(Repository repository, WorkloadEntry like, string id, string suite)
{
    /// <summary>What a person must decide; a test fails for each that is left.</summary>
    public const string Mark = "FILL IN:";

    /// <summary>Its tests list the marks, and the new workload's test joins them.</summary>
    public const string TestProject = "tests/MlPerfEdu.Workloads.Tests";

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
        Dictionary<string, string> files = Directory.EnumerateFiles(original).Where(IsVisible).Order(StringComparer.Ordinal).ToDictionary(
            file => Path.Combine(folder, Path.GetFileName(file)), file => Marked(Path.GetFileName(file), Renamed(File.ReadAllText(file), original, newName)));
        // A copy that was stopped has some of these files and no others, and goes on.
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Where(IsVisible).All(path => files.TryGetValue(path, out var text) && File.ReadAllText(path) == text))
            throw CliErrors.FolderTaken(repository.Relative(folder));

        var written = new List<string>();
        foreach (var (path, text) in files)
            Put(path, text);
        Put(Path.Combine(repository.Root, TestProject, ClassName.Of(suite), $"{newName}Tests.cs"), Test(newName));
        Put(repository.WorkloadsYaml, yaml);
        return written;

        void Put(string path, string text)
        {
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
            written.Add(repository.Relative(path));
        }
    }

    static bool IsVisible(string path) => !Path.GetFileName(path).StartsWith('.');

    string Renamed(string text, string original, string newName)
    {
        var (oldSuite, oldName) = (Path.GetFileName(Path.GetDirectoryName(original)), Path.GetFileName(original));
        return text
            .Replace($"MlPerfEdu.Workloads.{oldSuite}.{oldName}", $"MlPerfEdu.Workloads.{ClassName.Of(suite)}.{newName}")
            .Replace(like.Id, id).Replace(like.Model, model).Replace(oldName, newName);
    }

    string Marked(string file, string text) => file switch
    {
        "Model.cs" => AfterNamespace(text, $"// {Mark} the layers and forward pass of {model}; this is still the model of {like.Id}."),
        "Workload.cs" => AfterNamespace(text, $"// {Mark} data, loss, scores (also a trivial answer's) and invariants of {id}; these are still those of {like.Id}."),
        "twin.py" => $"# {Mark} the step of {id} in plain PyTorch; this is still the one of {like.Id}.\n{text}",
        "README.md" => $"{Mark} what {id} learns, what a trivial answer scores, and its predicted FLOP, bytes and time; this is still the text of {like.Id}.\n\n{text}",
        // Kernels, features and the like: a workload needs its own or none.
        _ when file.EndsWith(".cs", StringComparison.Ordinal) =>
            AfterNamespace(text, $"// {Mark} keep what {model} needs of this file, or delete it; it is still {like.Id}'s."),
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
            // {{Mark}} add a test for each part of your own (a kernel, a generator, a metric), or delete this line.
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
                kept.Add($"      # {Mark} the number of trained parameters; `run {id} --no-measure` names it if this one is wrong.");
            if (text.StartsWith("geometry:", StringComparison.Ordinal))
                kept.Add($"      # {Mark} sizes, under the names that Workload.cs asks for, and the recipe.");
            if (text.StartsWith("data:", StringComparison.Ordinal))
                kept.Add($"      # {Mark} data sets, the most wanted first, each with a target that a trivial answer misses.");
            if (text.StartsWith("budget:", StringComparison.Ordinal))
                kept.Add($"      # {Mark} the memory that a run may take (more fails it), and the time it should take.");
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
