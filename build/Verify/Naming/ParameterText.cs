using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace VerifyTests;

/// <summary>The part of a file name that tells the cases of a theory apart: _name=value for each parameter given.</summary>
static class ParameterText
{
    public static string For(MethodInfo method, VerifySettings settings)
    {
        if (settings.ParametersText is { } text)
            return $"_{text}";
        var names = method.GetParameters().Select(parameter => parameter.Name!).ToArray();
        if (settings.Parameters is not { } values || names.Length == 0)
            return "";
        if (values.Length > names.Length)
            throw new InvalidOperationException(
                $"UseParameters got {values.Length} values, but {method.Name} has {names.Length} parameters. Pass at most one value for each.");
        var builder = new StringBuilder();
        foreach (var (name, value) in names.Zip(values))
        {
            builder.Append(CultureInfo.InvariantCulture, $"_{name}=");
            Append(builder, value, isRoot: true);
        }
        return builder.ToString();
    }

    static void Append(StringBuilder builder, object? value, bool isRoot)
    {
        switch (value)
        {
            case null:
                builder.Append("null");
                break;
            case DateOnly date:
                builder.Append(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case DateTime or DateTimeOffset or TimeOnly:
                throw UnsupportedValue.Of(value.GetType(), "as a parameter in a file name");
            case DictionaryEntry entry:
                Append(builder, entry.Key, isRoot: true);
                builder.Append('=');
                Append(builder, entry.Value, isRoot: true);
                break;
            case IEnumerable items and not string:
                AppendAll(builder, items, isRoot);
                break;
            default:
                FileNames.AppendValid(builder, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                break;
        }
    }

    static void AppendAll(StringBuilder builder, IEnumerable items, bool isRoot)
    {
        var all = items is IDictionary dictionary ? Entries(dictionary) : items.Cast<object?>().ToList();
        if (all.Count == 0)
        {
            builder.Append("[]");
            return;
        }
        builder.Append(isRoot ? "" : "[");
        for (var i = 0; i < all.Count; i++)
        {
            builder.Append(i == 0 ? "" : ",");
            Append(builder, all[i], isRoot: false);
        }
        builder.Append(isRoot ? "" : "]");
    }

    static List<object?> Entries(IDictionary dictionary)
    {
        var entries = new List<object?>();
        foreach (DictionaryEntry entry in dictionary)
            entries.Add(entry);
        return entries;
    }
}
