namespace MlPerfEdu.Data;

/// <summary>The environment variables that say where data is and whether it may be fetched.</summary>
/// <param name="DataFolder">MLPERFEDU_DATA: a folder of data sets that is only read.</param>
/// <param name="CacheFolder">Where fetched data is kept; made when first needed.</param>
/// <param name="Offline">MLPERFEDU_OFFLINE=1: nothing is downloaded.</param>
public sealed record DataEnvironment(string? DataFolder, string CacheFolder, bool Offline)
{
    public static DataEnvironment FromProcess() => From(Environment.GetEnvironmentVariable);

    public static DataEnvironment From(Func<string, string?> variable)
    {
        var data = Value("MLPERFEDU_DATA");
        if (data is not null && !Directory.Exists(data)) throw StoreErrors.NoDataFolder(data);
        return new(data is null ? null : Path.GetFullPath(data), Path.GetFullPath(Path.Combine(Cache(), "data")), Value("MLPERFEDU_OFFLINE") is not (null or "0" or "false"));

        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;

        string Cache() => Value("MLPERFEDU_CACHE")
            ?? Path.Combine(Value("XDG_CACHE_HOME") ?? Path.Combine(Home(), ".cache"), "mlperfedu");

        string Home() => Value("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
    }
}
