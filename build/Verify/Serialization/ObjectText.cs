using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;

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
        DateTime moment => Counted(counter.TryConvert(moment), value),
        DateTimeOffset moment => Counted(counter.TryConvert(moment), value),
        DateOnly date => Counted(counter.TryConvert(date), value),
        TimeOnly time => Counted(counter.TryConvert(time), value),
        TimeSpan span => span.ToString(),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => null,
    };

    static string Number(double value, string text) =>
        double.IsFinite(value) ? WithDecimalPlace(text) : $"\"{text}\"";

    static string WithDecimalPlace(string text) => text.AsSpan().IndexOfAny('.', 'E') < 0 ? $"{text}.0" : text;

    static string Counted(string? counted, object value) =>
        counted ?? throw UnsupportedValue.Of(value.GetType(), "without DateTime counters");
}
