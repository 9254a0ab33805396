namespace MlPerfEdu.Generator;

// The catalog against the compiled implementations.
internal sealed partial class Problems
{
    public void NotImplemented(CatalogEntry entry, IReadOnlyList<string> implemented) => Add("MLP0060", new(entry.Line, 1, 0),
        $"Found workload '{entry.Id}' without an implementation. " +
        $"Expected a class marked [Workload(\"{entry.Id}\")] in MlPerfEdu.Workloads. " +
        Suggest(entry.Id, implemented, "Write the class or delete the entry"));

    public void NoEntry(int suitesLine, Implementation found, IReadOnlyList<string> ids) => Add("MLP0061", new(suitesLine, 1, 0),
        $"Found the class '{found.TypeName}' marked [Workload({Quoted.Of(found.Id)})], an id that has no entry. " +
        "Expected an entry with that id. " +
        Suggest(found.Id, ids, "Add the entry or delete the class"));

    public void ImplementedTwice(int line, Implementation first, Implementation second) => Add("MLP0062", new(line, 1, 0),
        $"Found two implementations of {Quoted.Of(first.Id)}: '{first.TypeName}' and '{second.TypeName}'. Expected one. " +
        "Delete or rename one of them.");

    public void UnreadableImplementations(string reason) => Add("MLP0063", default,
        $"Found no readable .NET assembly: {OneLine(reason)}. Expected the compiled MlPerfEdu.Workloads. Build that project first.");
}
