using System.Globalization;

namespace MlPerfEdu.Engine;

/// <summary>An entry's sizes and recipe as flat text, for evidence, checkpoint keys and `show`.</summary>
public static class EntrySettings
{
    /// <summary>As the entry has them, before a data set changes its recipe.</summary>
    public static IReadOnlyDictionary<string, string> Of(ModelEntry entry) =>
        entry is InferenceEntry inference ? Of(inference) : Of((WorkloadEntry)entry, ((WorkloadEntry)entry).Recipe);

    public static IReadOnlyDictionary<string, string> Of(WorkloadEntry entry, Recipe recipe) => With(Sizes(entry), "recipe", recipe);

    static Dictionary<string, string> Of(InferenceEntry entry)
    {
        var settings = With(Sizes(entry), "load", entry.Load);
        settings["shared_checkpoint"] = entry.SharedCheckpoint;
        return settings;
    }

    static Dictionary<string, string> With<T>(Dictionary<string, string> settings, string name, T part)
    {
        foreach (var property in typeof(T).GetProperties())
        {
            if (property.GetIndexParameters().Length == 0 && property.GetValue(part) is { } value)
                settings[$"{name}.{property.Name}"] = value is Betas betas
                    ? FormattableString.Invariant($"{betas.First}, {betas.Second}")
                    : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
        return settings;
    }

    public static Dictionary<string, string> Sizes(CatalogEntry entry) => entry.Geometry.Values.ToDictionary(
        pair => $"geometry.{pair.Key}",
        pair => string.Join(", ", pair.Value.Select(value => value.ToString(CultureInfo.InvariantCulture))),
        StringComparer.Ordinal);
}
