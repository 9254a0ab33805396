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
