using System.Globalization;
using System.Text;

namespace VerifyTests;

/// <summary>Indented JSON without quotes and escapes, as snapshots have it.</summary>
sealed class UnquotedWriter(StringBuilder text)
{
    // What stands between the text so far and the next value.
    string separator = "";
    bool isFirst = true;
    int depth;

    public void Open(char bracket)
    {
        Raw(bracket.ToString());
        depth++;
        isFirst = true;
    }

    public void Close(char bracket)
    {
        depth--;
        if (!isFirst)
            text.Append('\n').Append(' ', 2 * depth);
        text.Append(bracket);
        isFirst = false;
    }

    public void StartItem() => separator = NextLine();

    public void Name(string name)
    {
        text.Append(NextLine()).Append(name).Append(':');
        isFirst = false;
        separator = " ";
    }

    public void Raw(string value)
    {
        text.Append(separator).Append(value);
        separator = "";
        isFirst = false;
    }

    /// <summary>A text of several lines starts on a line of its own, and takes the first character of what separates it from the value
    /// before: the space after a name and, a peculiarity of Verify that its files keep, the comma between items.</summary>
    public void Text(string value)
    {
        if (!value.Contains('\n'))
        {
            Raw(value);
            return;
        }
        var whole = separator + (value[0] == '\n' ? value : '\n' + value);
        separator = "";
        Raw(whole[1..]);
    }

    string NextLine() => $"{(isFirst ? "" : ",")}\n{new string(' ', 2 * depth)}";
}

/// <summary>Names for values that differ from run to run: the first GUID of a snapshot is Guid_1, the next other one Guid_2.</summary>
public sealed class Counter
{
    const string RoundTrip = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";
    readonly Dictionary<(string Kind, object Value), string> names = [];
    readonly Dictionary<string, int> counts = [];
    readonly SerializationChoices choices;

    internal Counter(SerializationChoices choices) => this.choices = choices;

    internal string? TryConvert(Guid value) =>
        !choices.ScrubGuids ? null : value == Guid.Empty ? "Guid_Empty" : Name("Guid", value);

    internal string Convert(DateTime value) =>
        Date(DateOnly.FromDateTime(value), () => Name("DateTime", (value, value.Kind)));

    internal string Convert(DateTimeOffset value) =>
        Date(DateOnly.FromDateTime(value.Date), () => Name("DateTimeOffset", (value.DateTime, value.Offset)));

    internal string Convert(DateOnly value) => Date(value, () => Name("Date", value));

    internal string Convert(TimeOnly value)
    {
        if (value == TimeOnly.MinValue)
            return "Time_MinValue";
        return value == TimeOnly.MaxValue ? "Time_MaxValue" : Name("Time", value);
    }

    /// <summary>A text that is a GUID or a date as a whole counts as one.</summary>
    internal string? TryConvert(string text)
    {
        if (choices.ScrubGuids && Guid.TryParse(text, out var guid))
            return TryConvert(guid);
        if (DateTimeOffset.TryParseExact(text, RoundTrip, null, DateTimeStyles.None, out var moment))
            return Convert(moment);
        if (DateOnly.TryParseExact(text, "d", null, DateTimeStyles.None, out var date))
            return Convert(date);
        return TimeOnly.TryParseExact(text, "h:mm tt", null, DateTimeStyles.None, out var time) ? Convert(time) : null;
    }

    static string Date(DateOnly day, Func<string> name)
    {
        if (day == DateOnly.MinValue)
            return "Date_MinValue";
        return day == DateOnly.MaxValue ? "Date_MaxValue" : name();
    }

    string Name(string kind, object value)
    {
        if (!names.TryGetValue((kind, value), out var name))
        {
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            names[(kind, value)] = name = $"{kind}_{counts[kind]}";
        }
        return name;
    }
}
