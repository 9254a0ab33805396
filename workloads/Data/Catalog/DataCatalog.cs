using System.Reflection;

namespace MlPerfEdu.Data;

/// <summary>The data sets of datasets.yaml.</summary>
public sealed class DataCatalog
{
    readonly Dictionary<string, DataSetEntry> _entries;

    DataCatalog(IEnumerable<DataSetEntry> entries) => _entries = entries.ToDictionary(e => e.Id);

    /// <summary>The datasets.yaml that this assembly was built with.</summary>
    public static DataCatalog BuiltIn { get; } = Parse(BuiltInText(), "datasets.yaml");

    public IEnumerable<DataSetEntry> Entries => _entries.Values;

    public DataSetEntry this[string id] => _entries.TryGetValue(id, out var entry) ? entry : throw StoreErrors.UnknownDataSet(id, _entries.Keys);

    public bool Contains(string id) => _entries.ContainsKey(id);

    /// <exception cref="CatalogException">With every mistake of the file.</exception>
    public static DataCatalog Parse(string text, string file)
    {
        var problems = new CatalogProblems(file, CatalogCodes.DataSets);
        var entries = CatalogReader.Read(text, problems);
        problems.ThrowIfAny();
        return new(entries);
    }

    static string BuiltInText()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("datasets.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
