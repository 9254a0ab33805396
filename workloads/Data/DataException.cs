namespace MlPerfEdu.Data;

/// <summary>A data problem with a stable code; workloads/Data/README.md has a heading for each.</summary>
public sealed class DataException(string code, string message, Exception? inner = null) : Exception($"{code}: {message}", inner)
{
    public string Code { get; } = code;
}
