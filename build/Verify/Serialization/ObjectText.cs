using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace VerifyTests;

/// <summary>Writes a value as text: plain ones as they are, others member by member.</summary>
sealed class ObjectText
{
    static readonly object Omitted = new();
    readonly VerifySettings settings;
    readonly Counter counter;
    readonly UnquotedWriter writer;
    readonly List<object> path = [];

    ObjectText(StringBuilder text, VerifySettings settings, Counter counter)
    {
        this.settings = settings;
        this.counter = counter;
        writer = new(text);
    }

    SerializationChoices Choices => settings.Serialization;

    public static StringBuilder Of(object? value, VerifySettings settings, Counter counter)
    {
        var text = new StringBuilder();
        new ObjectText(text, settings, counter).Write(value);
        Lines.Normalize(text);
        return text;
    }

    void Write(object? value)
    {
        if (Words(value) is { } words)
            writer.Text(Scrub(words));
        else if (Plain(value) is { } plain)
            writer.Raw(plain);
        else
            WriteParts(value!);
    }

    void WriteParts(object value)
    {
        path.Add(value);
        if (Dictionaries.Entries(value) is { } entries)
            WriteMembers(entries.Select(entry => (KeyText(entry.Key), entry.Value)), entries is [{ Key: string }, ..] ? Scrub : name => name);
        else if (value is IEnumerable items)
            WriteItems(items);
        else
            WriteMembers(Members.Of(value), name => name);
        path.RemoveAt(path.Count - 1);
    }

    void WriteMembers(IEnumerable<(string Name, object? Value)> members, Func<string, string> shownName)
    {
        writer.Open('{');
        foreach (var (name, value) in members)
        {
            var shown = Choices.Scrubbed.Contains(name) && !Choices.Ignored.Contains(name) ? "{Scrubbed}" : Shown(value);
            if (Choices.Ignored.Contains(name) || ReferenceEquals(shown, Omitted))
                continue;
            writer.Name(shownName(name));
            Write(shown);
        }
        writer.Close('}');
    }

    void WriteItems(IEnumerable items)
    {
        writer.Open('[');
        foreach (var item in items)
        {
            if (ReferenceEquals(Shown(item), Omitted))
                continue;
            writer.StartItem();
            Write(item);
        }
        writer.Close(']');
    }

    /// <summary>Empty collections and a value that contains itself are left out.</summary>
    object? Shown(object? value)
    {
        var isEmpty = Choices.IgnoreEmptyCollections && value is not null && Dictionaries.IsEmptyCollection(value);
        return isEmpty || (value is not (null or ValueType) && path.Exists(outer => outer.Equals(value))) ? Omitted : value;
    }

    string Scrub(string text)
    {
        if (text.Length == 0)
            return text;
        if (counter.TryConvert(text) is { } counted)
            return counted;
        var scrubbed = new StringBuilder(text);
        ScrubberList.ApplyAll(scrubbed, settings, counter);
        return scrubbed.ToString();
    }

    /// <summary>What scrubbers get to see: texts, and what is shown by a name.</summary>
    string? Words(object? value) => value switch
    {
        string text => text,
        Enum member when member.ToString() is var name && (char.IsLetter(name[0]) || name[0] == '_') => name,
        Guid guid when !Choices.ScrubGuids => guid.ToString(),
        _ => null,
    };

    static string KeyText(object key) => key switch
    {
        string text => text,
        double or float or bool or Enum or sbyte or byte or short or ushort or int or uint or long or ulong
            => Convert.ToString(key, CultureInfo.InvariantCulture)!,
        _ => throw UnsupportedValue.Of(key.GetType(), "as a key"),
    };

    string? Plain(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        char character => character.ToString(),
        Enum member => member.ToString(),
        double number => Number(number, number.ToString("R", CultureInfo.InvariantCulture)),
        float number => Number(number, number.ToString("R", CultureInfo.InvariantCulture)),
        decimal number => WithDecimalPlace(number.ToString(CultureInfo.InvariantCulture)),
        Half number => number.ToString(CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger => Convert.ToString(value, CultureInfo.InvariantCulture),
        Guid guid => counter.TryConvert(guid),
        DateTime moment => counter.Convert(moment),
        DateTimeOffset moment => counter.Convert(moment),
        DateOnly date => counter.Convert(date),
        TimeOnly time => counter.Convert(time),
        TimeSpan span => span.ToString(),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => null,
    };

    static string Number(double value, string text) =>
        double.IsFinite(value) ? WithDecimalPlace(text) : $"\"{text}\"";

    static string WithDecimalPlace(string text) => text.AsSpan().IndexOfAny('.', 'E') < 0 ? $"{text}.0" : text;
}

/// <summary>The members of an object that a snapshot shows: public fields, then properties, without those that have their default value.</summary>
static class Members
{
    const BindingFlags PublicInstance = BindingFlags.Instance | BindingFlags.Public;

    public static IEnumerable<(string Name, object? Value)> Of(object target)
    {
        var type = target.GetType();
        if (type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            return OfPair(target, type);
        // Other types of the libraries have their own ways in Verify (exceptions, types, streams, JSON elements and so on).
        if (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && target is not System.Runtime.CompilerServices.ITuple)
            throw UnsupportedValue.Of(type, "as an object");
        return Shown(target, type);
    }

    /// <summary>A pair with a text as its key is shown as one member of that name.</summary>
    static IEnumerable<(string Name, object? Value)> OfPair(object pair, Type type)
    {
        var (key, value) = (type.GetProperty("Key")!.GetValue(pair), type.GetProperty("Value")!.GetValue(pair));
        if (key is not string name)
            return Shown(pair, type);
        return value is null ? [] : [(name, value)];
    }

    static IEnumerable<(string Name, object? Value)> Shown(object target, Type type)
    {
        var fields = type.GetFields(PublicInstance).Select(field => (Member: (MemberInfo)field, Type: field.FieldType));
        var properties = type.GetProperties(PublicInstance)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .Select(property => (Member: (MemberInfo)property, Type: property.PropertyType));
        // A member that hides one of a base class comes first, and only it is shown.
        foreach (var (member, memberType) in fields.Concat(properties).DistinctBy(pair => pair.Member.Name))
        {
            if (member.IsDefined(typeof(ObsoleteAttribute)))
                continue;
            var value = Read(member, memberType, target);
            if (memberType == typeof(bool) || !Equals(value, Default(memberType)))
                yield return (member.Name, value);
        }
    }

    static object? Read(MemberInfo member, Type memberType, object target)
    {
        try
        {
            return member is FieldInfo field
                ? field.GetValue(target)
                : ((PropertyInfo)member).GetValue(target, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        // Some types have properties that they refuse to answer; Verify leaves such a member out instead of failing the snapshot.
        catch (Exception exception) when (exception is NotImplementedException or NotSupportedException)
        {
            return Default(memberType);
        }
    }

    static object? Default(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;
}

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

/// <summary>The members of a JSON object in the text's order.</summary>
sealed class JsonMembers : List<(object Key, object? Value)>;

/// <summary>A JSON text as plain values: members, lists, texts, numbers.</summary>
static class JsonTree
{
    public static object? Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return Convert(document.RootElement);
    }

    static object? Convert(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonMembers();
                foreach (var property in element.EnumerateObject())
                    members.Add((property.Name, Convert(property.Value)));
                return members;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Convert).ToList();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return BigInteger.TryParse(element.GetRawText(), System.Globalization.NumberStyles.AllowLeadingSign, null, out var whole)
                    ? whole
                    : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }
}

/// <summary>Refuses what the stand-in would write differently from Verify: a wrong snapshot is worse than none.</summary>
static class UnsupportedValue
{
    public static NotSupportedException Of(Type type, string where) => new(
        $"The stand-in for Verify does not write {type} {where}. "
        + "Verify a string, or an object of strings, numbers, lists, dictionaries and records of your own, "
        + "or build with -p:VerifyProvider=nuget.");
}
