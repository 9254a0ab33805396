namespace MlPerfEdu.Data;

/// <summary>The codes under which the mistakes of one kind of file are reported.</summary>
public sealed record CatalogCodes(string NotReadable, string UnknownKey, string MissingKey, string WrongValue, string Duplicate)
{
    public static CatalogCodes DataSets { get; } = new("MLP1001", "MLP1002", "MLP1003", "MLP1004", "MLP1005");
}
