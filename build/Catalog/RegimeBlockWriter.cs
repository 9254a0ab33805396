namespace MlPerfEdu.Catalog;

/// <summary>
/// Puts a measured regime block into the text of workloads.yaml. Every other character stays: comments, line ends, order, layout.
/// An existing block keeps its own comments and layout too, as only its nine values are replaced.
/// </summary>
public static class RegimeBlockWriter
{
    const char ByteOrderMark = '\ufeff';

    /// <exception cref="ArgumentException">The text, the id, the class or the block is not valid; nothing was changed.</exception>
    public static string Replace(string yamlText, string workloadId, string machineClass, RegimeBlock block)
    {
        var mark = yamlText.StartsWith(ByteOrderMark) ? ByteOrderMark.ToString() : "";
        var text = yamlText[mark.Length..];
        var before = Check(text, "the text to edit");
        var entry = FindEntry(text, workloadId);
        var spelled = new SpelledRegime(machineClass, block);
        var edited = Edit(text, entry, spelled);
        EnsureOnlyBlockChanged(before, Check(edited, "the edited text"), workloadId, spelled);
        return mark + edited;
    }

    static WorkloadCatalog Check(string text, string what)
    {
        var read = WorkloadCatalogReader.ReadBytes(Encoding.UTF8.GetBytes(text), "workloads.yaml");
        return read.Catalog ?? throw new ArgumentException($"Found mistakes in {what}: {read.Diagnostics[0]}", nameof(text));
    }

    static YamlMapping FindEntry(string text, string workloadId)
    {
        var root = (YamlMapping)YamlTreeReader.Read(text, new(""), out _)!;
        var suites = ((YamlMapping)root.Find("suites")!.Value).Pairs.Select(pair => (YamlMapping)pair.Value);
        return suites.Select(suite => suite.Find(workloadId)?.Value).OfType<YamlMapping>().FirstOrDefault()
            ?? throw new ArgumentException($"Found no workload {Quoted.Of(workloadId)}. Expected an id of workloads.yaml.", nameof(workloadId));
    }

    static string Edit(string text, YamlMapping entry, SpelledRegime spelled)
    {
        var regime = entry.Find("regime");
        if ((regime?.Value as YamlMapping)?.Find(spelled.MachineClass)?.Value is YamlMapping existing)
            return ReplaceValues(text, existing, spelled);
        var place = new RegimePlace(text);
        return (regime, regime?.Value) switch
        {
            (null, _) when entry.IsFlow => place.InsertIntoBrackets(entry, $"regime: {{ {spelled.OnOneLine} }}"),
            (null, _) => place.AddRegime(entry, spelled),
            (_, YamlMapping { IsFlow: true, Pairs.Count: > 0 } classes) => place.InsertIntoBrackets(classes, spelled.OnOneLine),
            (_, YamlMapping { IsFlow: false } classes) => place.AddClass(classes, spelled),
            _ => FillEmpty(text, regime!, entry.IsFlow, spelled),
        };
    }

    static string ReplaceValues(string text, YamlMapping existing, SpelledRegime spelled)
    {
        var edited = new StringBuilder(text);
        var replacements = spelled.Values.Select(value => (Node: Descend(existing, value.Path), value.Text));
        // From the end, so that earlier offsets stay right.
        foreach (var (node, value) in replacements.OrderByDescending(replacement => replacement.Node.Start.Offset))
        {
            // A folded text ends where the next key begins; the line end between them stays.
            var length = text[node.Start.Offset..node.LastEnd.Offset].TrimEnd().Length;
            edited.Remove(node.Start.Offset, length).Insert(node.Start.Offset, value);
        }
        return edited.ToString();

        static YamlNode Descend(YamlMapping from, string[] path) =>
            path.Aggregate((YamlNode)from, (node, key) => ((YamlMapping)node).Find(key)!.Value);
    }

    // `regime:`, `regime: {}` or `regime: null`: the empty value goes, a comment after it stays.
    static string FillEmpty(string text, YamlPair regime, bool inBrackets, SpelledRegime spelled)
    {
        var colon = text.IndexOf(':', regime.Key.LastEnd.Offset) + 1;
        var isWritten = regime.Value.LastEnd.Offset > colon;
        var (start, end) = isWritten ? (regime.Value.Start.Offset, regime.Value.LastEnd.Offset) : (colon, colon);
        if (inBrackets)
            return $"{text[..start]}{(isWritten ? "" : " ")}{{ {spelled.OnOneLine} }}{text[end..]}";
        // Blanks that would be left at the end of the line go too.
        var atLineEnd = end == text.Length || text[end] is '\r' or '\n';
        var without = (atLineEnd ? text[..start].TrimEnd(' ') : text[..start]) + text[end..];
        return new RegimePlace(without).AddFirstClass(regime.Key, spelled);
    }

    // An unforeseen layout must not destroy the user's file.
    static void EnsureOnlyBlockChanged(WorkloadCatalog before, WorkloadCatalog after, string id, SpelledRegime spelled)
    {
        var written = (after.Find(id) as ModelEntry)?.Regimes.GetValueOrDefault(spelled.MachineClass);
        if (written is null || new SpelledRegime(spelled.MachineClass, written).OnOneLine != spelled.OnOneLine
            || !Others(before).SequenceEqual(Others(after)))
            throw new ArgumentException($"The regime of {Quoted.Of(id)} could not be written without changing something else; edit it by hand.");

        IEnumerable<string> Others(WorkloadCatalog catalog) => catalog.Entries.Select(entry => string.Join('\n',
        [
            entry.CanonicalText, entry.Provenance, entry.Note, .. entry.Errata.Select(erratum => erratum.ToString()),
            .. entry switch
            {
                ModelEntry model => model.Regimes
                    .Where(regime => entry.Id != id || regime.Key != spelled.MachineClass)
                    .Select(regime => new SpelledRegime(regime.Key, regime.Value).OnOneLine).Prepend(model.ParamsNote),
                ExperimentEntry experiment => [experiment.Question],
                _ => [],
            },
        ]));
    }
}

/// <summary>A regime block as YAML. Whether it is valid shows when the edited text is read again.</summary>
internal sealed class SpelledRegime(string machineClass, RegimeBlock block)
{
    public string MachineClass => machineClass;

    /// <summary>Each value with the keys that lead to it.</summary>
    public IReadOnlyList<(string[] Path, string Text)> Values { get; } =
    [
        .. AxisFormat.All.SelectMany(axis => Axis(axis, block[axis.Axis])),
        (["evidence_sidecar"], block.EvidenceSidecar),
        // In quotes, as a digest of digits alone, or with one e, would be a number to other readers.
        (["evidence_sha256"], $"\"{block.EvidenceSha256}\""),
        (["measured_at"], block.MeasuredAt),
    ];

    /// <summary>The machine class with everything below it, for a place inside brackets.</summary>
    public string OnOneLine => $"{machineClass}: {{ {string.Join(", ", Fields())} }}";

    /// <summary>The machine class with everything below it, one string per line.</summary>
    public IEnumerable<string> Lines => [$"{machineClass}:", .. Fields().Select(line => "  " + line)];

    IEnumerable<string> Fields() => Values.GroupBy(value => value.Path[0]).Select(group => group.First().Path.Length == 1
        ? $"{group.Key}: {group.First().Text}"
        : $"{group.Key}: {{ {string.Join(", ", group.Select(value => $"{value.Path[1]}: {value.Text}"))} }}");

    static (string[] Path, string Text)[] Axis(AxisFormat axis, AxisBaseline value) =>
        [([axis.Name, "value"], value.Value), ([axis.Name, axis.Number], value.Number.ToString("R", CultureInfo.InvariantCulture))];
}

/// <summary>Finds the place of a regime block in a text and lays the block out for it.</summary>
internal sealed class RegimePlace(string text)
{
    // The block goes below the keys that it judges and above prose. Every entry has params, and a number is never a block of text.
    static readonly string[] Anchors = ["budget", "data", "params"];

    readonly string lineEnd = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    public string InsertIntoBrackets(YamlMapping flow, string pair) => text.Insert(flow.Start.Offset + 1, $" {pair},");

    /// <summary>Adds a class below the others, at their column.</summary>
    public string AddClass(YamlMapping classes, SpelledRegime spelled) =>
        InsertLines(classes.LastEnd, spelled.Lines, classes.Start.Column - 1);

    /// <summary>Adds a class below a key that has none yet.</summary>
    public string AddFirstClass(YamlScalar key, SpelledRegime spelled) =>
        InsertLines(key.LastEnd, spelled.Lines, key.Start.Column + 1);

    /// <summary>Adds the key and a class to an entry that has no regime.</summary>
    public string AddRegime(YamlMapping entry, SpelledRegime spelled)
    {
        var anchor = Anchors.Select(entry.Find).First(pair => pair is not null && !EndsInBlockText(pair.Value))!;
        var lines = spelled.Lines.Select(line => "  " + line).Prepend("regime:");
        return InsertLines(anchor.Value.LastEnd, lines, entry.Start.Column - 1);
    }

    string InsertLines(Position after, IEnumerable<string> lines, int indent)
    {
        var offset = LineAfter(after.Offset);
        var block = string.Concat(lines.Select(line => new string(' ', indent) + line + lineEnd));
        // Where the text ends without a line end, one goes before the block instead of after it.
        var endsOpen = offset == text.Length && !text.EndsWith('\n');
        return text.Insert(offset, endsOpen ? lineEnd + block[..^lineEnd.Length] : block);
    }

    // The start of the line that follows, after any comment; the end of the text on the last line.
    int LineAfter(int end)
    {
        // A block of text ends where the next key begins, which is too far.
        while (end > 0 && char.IsWhiteSpace(text[end - 1]))
            end--;
        var lineFeed = text.IndexOf('\n', end);
        return lineFeed < 0 ? text.Length : lineFeed + 1;
    }

    static bool EndsInBlockText(YamlNode node) => node switch
    {
        YamlScalar scalar => scalar.IsBlock,
        YamlMapping { IsFlow: false, Pairs: [.., var last] } => EndsInBlockText(last.Value),
        YamlSequence { IsFlow: false, Items: [.., var last] } => EndsInBlockText(last),
        _ => false,
    };
}

/// <summary>The measured regime of an entry on one machine class, and where the evidence is. Outside a file, the line is 0.</summary>
public sealed record RegimeBlock(
    AxisBaseline WorkingSet,
    AxisBaseline ArithmeticIntensity,
    AxisBaseline Dispatch,
    string EvidenceSidecar,
    string EvidenceSha256,
    string MeasuredAt,
    int Line = 0)
{
    public AxisBaseline this[RegimeAxis axis] => axis switch
    {
        RegimeAxis.WorkingSet => WorkingSet,
        RegimeAxis.ArithmeticIntensity => ArithmeticIntensity,
        _ => Dispatch,
    };
}

/// <summary>One axis: its verdict and the number behind it.</summary>
public sealed record AxisBaseline(string Value, double Number, int Line = 0);

/// <summary>How workloads.yaml spells one axis.</summary>
/// <param name="Number">The key of the number behind the verdict.</param>
/// <param name="Thresholds">The keys of its edges, the lower one first.</param>
public sealed record AxisFormat(RegimeAxis Axis, string Number, IReadOnlyList<string> Thresholds)
{
    public static readonly AxisFormat WorkingSet = new(
        RegimeAxis.WorkingSet, "bytes_per_step", ["resident_llc_fraction", "dram_llc_multiple"]);

    public static readonly AxisFormat ArithmeticIntensity = new(
        RegimeAxis.ArithmeticIntensity, "flops_per_byte", ["low_ridge_multiple", "high_ridge_multiple"]);

    public static readonly AxisFormat Dispatch = new(
        RegimeAxis.Dispatch, "utilization", ["dispatch_below", "saturated_from", "explained_share"]);

    public static IReadOnlyList<AxisFormat> All { get; } = [WorkingSet, ArithmeticIntensity, Dispatch];

    /// <summary>Its key, among the thresholds and in a regime block.</summary>
    public string Name { get; } = Axis.Name();

    public IReadOnlyList<string> Values { get; } = [.. RegimeNames.ValuesOf(Axis).Select(value => value.Name())];

    /// <summary>The keys of the axis in a regime block.</summary>
    public IReadOnlyList<string> Keys { get; } = ["value", Number];
}
