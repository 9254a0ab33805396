using System.Collections;

namespace VerifyTests;

/// <summary>What counts as a dictionary or an empty collection, and the order of a dictionary's keys.</summary>
static class Dictionaries
{
    /// <summary>The entries sorted by key, so that the order of insertion does not matter (JSON keeps its own); null for what is no dictionary.</summary>
    public static List<(object Key, object? Value)>? Entries(object value)
    {
        if (value is JsonMembers members)
            return members;
        var entries = new List<(object Key, object? Value)>();
        if (value is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
                entries.Add((entry.Key, entry.Value));
        }
        else if (Implements(value, typeof(IReadOnlyDictionary<,>), typeof(IDictionary<,>)))
        {
            foreach (var entry in (IEnumerable)value)
                entries.Add((entry.GetType().GetProperty("Key")!.GetValue(entry)!, entry.GetType().GetProperty("Value")!.GetValue(entry)));
        }
        else
        {
            return null;
        }
        return [.. entries.OrderBy(entry => entry.Key)];
    }

    public static bool IsEmptyCollection(object value)
    {
        if (value is string or not IEnumerable)
            return false;
        if (value is ICollection collection)
            return collection.Count == 0;
        return Implements(value, typeof(ICollection<>), typeof(IReadOnlyCollection<>)) && !((IEnumerable)value).GetEnumerator().MoveNext();
    }

    static bool Implements(object value, params Type[] definitions) =>
        Array.Exists(value.GetType().GetInterfaces(), type => type.IsGenericType && definitions.Contains(type.GetGenericTypeDefinition()));
}
