using System.Globalization;

namespace MlPerfEdu.Engine;

/// <summary>An entry's sizes and recipe as flat text, for evidence, checkpoint keys and `show`.</summary>
public static class EntrySettings
{
    /// <summary>As the entry has them, before a data set changes its recipe.</summary>
    public static IReadOnlyDictionary<string, string> Of(ModelEntry entry) =>
        entry is InferenceEntry inference ? Of(inference) : Of((WorkloadEntry)entry, ((WorkloadEntry)entry).Recipe);

    public static IReadOnlyDictionary<string, string> Of(WorkloadEntry entry, Recipe recipe)
    {
        var settings = With(Sizes(entry), "recipe", recipe);
        if (entry.SharedCheckpoint is { } shared) settings["shared_checkpoint"] = shared;
        return settings;
    }

    /// <summary>With the precision that was asked for and the one that is used.</summary>
    public static IReadOnlyDictionary<string, string> Of(WorkloadEntry entry, Recipe recipe, PrecisionChoice precision) =>
        With(Of(entry, recipe), precision);

    public static IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> settings, PrecisionChoice precision) =>
        new Dictionary<string, string>([.. settings, .. precision.Settings()], StringComparer.Ordinal);

    static Dictionary<string, string> Of(InferenceEntry entry)
    {
        var settings = With(Sizes(entry), "load", entry.Load);
        settings["precision"] = entry.Precision.Name();
        settings["shared_checkpoint"] = entry.SharedCheckpoint;
        return settings;
    }

    static Dictionary<string, string> With<T>(Dictionary<string, string> settings, string name, T part)
    {
        foreach (var property in typeof(T).GetProperties())
        {
            if (property.GetIndexParameters().Length == 0 && property.GetValue(part) is { } value)
                settings[$"{name}.{property.Name}"] = value switch
                {
                    Betas betas => FormattableString.Invariant($"{betas.First}, {betas.Second}"),
                    Precision precision => precision.Name(),
                    _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
                };
        }
        return settings;
    }

    /// <summary>An experiment says which precision it asks for only where it asks for another than fp32.</summary>
    public static IReadOnlyDictionary<string, string> Of(ExperimentEntry entry)
    {
        var sizes = Sizes(entry);
        if (entry.Precision == Precision.Fp32) return sizes;
        sizes["precision"] = entry.Precision.Name();
        return With(sizes, PrecisionChoice.Of(entry.Precision));
    }

    public static Dictionary<string, string> Sizes(CatalogEntry entry) => entry.Geometry.Values.ToDictionary(
        pair => $"geometry.{pair.Key}",
        pair => string.Join(", ", pair.Value.Select(value => value.ToString(CultureInfo.InvariantCulture))),
        StringComparer.Ordinal);
}
