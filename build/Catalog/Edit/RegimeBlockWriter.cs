using System.Text;

namespace MlPerfEdu.Generator;

/// <summary>
/// Puts a measured regime block into the text of workloads.yaml. Every other character stays: comments, line ends, order, layout.
/// An existing block keeps its own comments and layout too, as only its nine values are exchanged.
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
        var spelled = new RegimeSpelling(machineClass, block);
        var edited = Edit(text, entry, machineClass, spelled);
        EnsureOnlyBlockChanged(before, Check(edited, "the edited text"), workloadId, machineClass, block);
        return mark + edited;
    }

    static string Edit(string text, YamlMapping entry, string machineClass, RegimeSpelling spelled)
    {
        var regime = entry.Find("regime");
        if ((regime?.Value as YamlMapping)?.Find(machineClass)?.Value is YamlMapping existing)
            return ExchangeValues(text, existing, spelled);
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

    // `regime:`, `regime: {}` or `regime: null`: the empty value goes, a comment after it stays.
    static string FillEmpty(string text, YamlPair regime, bool inBrackets, RegimeSpelling spelled)
    {
        var colon = text.IndexOf(':', regime.Key.LastEnd.Offset) + 1;
        var isWritten = regime.Value.LastEnd.Offset > colon;
        var (start, end) = isWritten ? (regime.Value.Start.Offset, regime.Value.LastEnd.Offset) : (colon, colon);
        if (inBrackets)
            return $"{text[..start]}{(isWritten ? "" : " ")}{{ {spelled.OnOneLine} }}{text[end..]}";
        return new RegimePlace(new RegimePlace(text).Without(start, end)).AddFirstClass(regime.Key, spelled);
    }

    static string ExchangeValues(string text, YamlMapping existing, RegimeSpelling spelled)
    {
        var edited = new StringBuilder(text);
        var exchanges = spelled.Values.Select(value => (Node: Descend(existing, value.Path), value.Text));
        // From the end, so that earlier offsets stay right.
        foreach (var (node, value) in exchanges.OrderByDescending(exchange => exchange.Node.Start.Offset))
        {
            // A folded text ends where the next key begins; the line end between them stays.
            var length = text[node.Start.Offset..node.LastEnd.Offset].TrimEnd().Length;
            edited.Remove(node.Start.Offset, length).Insert(node.Start.Offset, value);
        }
        return edited.ToString();
    }

    static YamlNode Descend(YamlMapping from, string[] path) =>
        path.Aggregate((YamlNode)from, (node, key) => ((YamlMapping)node).Find(key)!.Value);

    static YamlMapping FindEntry(string text, string workloadId)
    {
        var root = (YamlMapping)YamlTreeReader.Read(text, new(""), out _)!;
        var suites = ((YamlMapping)root.Find("suites")!.Value).Pairs.Select(pair => (YamlMapping)pair.Value);
        return suites.Select(suite => suite.Find(workloadId)?.Value).OfType<YamlMapping>().FirstOrDefault()
            ?? throw new ArgumentException(
                $"Found no workload {Quoted.Of(workloadId)}. Expected an id of workloads.yaml.", nameof(workloadId));
    }

    static WorkloadCatalog Check(string text, string what)
    {
        var read = WorkloadCatalogReader.ReadBytes(Encoding.UTF8.GetBytes(text), "workloads.yaml");
        return read.Catalog ?? throw new ArgumentException($"Found mistakes in {what}: {read.Diagnostics[0]}", nameof(text));
    }

    // A layout that this class does not foresee must not cost somebody's file.
    static void EnsureOnlyBlockChanged(WorkloadCatalog before, WorkloadCatalog after, string id, string machineClass, RegimeBlock block)
    {
        var written = (after.Find(id) as ModelEntry)?.Regimes.GetValueOrDefault(machineClass);
        var others = before.Entries.Select(entry => Unchanged(entry, id, machineClass))
            .SequenceEqual(after.Entries.Select(entry => Unchanged(entry, id, machineClass)));
        if (!others || written is null || WithoutLines(written) != WithoutLines(block))
        {
            throw new ArgumentException(
                $"The regime of {Quoted.Of(id)} could not be written without changing something else; edit it by hand.");
        }
    }

    static string Unchanged(CatalogEntry entry, string id, string machineClass) => string.Join('\n',
    [
        entry.CanonicalText, entry.Provenance, entry.Note, .. entry.Errata.Select(erratum => erratum.ToString()),
        .. entry switch
        {
            ModelEntry model => Regimes(model, id, machineClass).Prepend(model.ParamsNote),
            ExperimentEntry experiment => [experiment.Question],
            _ => [],
        },
    ]);

    static IEnumerable<string?> Regimes(ModelEntry entry, string id, string machineClass) => entry.Regimes
        .Where(regime => entry.Id != id || regime.Key != machineClass)
        .Select(regime => $"{regime.Key}: {WithoutLines(regime.Value)}");

    static RegimeBlock WithoutLines(RegimeBlock block) => block with
    {
        Line = 0,
        WorkingSet = block.WorkingSet with { Line = 0 },
        ArithmeticIntensity = block.ArithmeticIntensity with { Line = 0 },
        Dispatch = block.Dispatch with { Line = 0 },
    };
}
