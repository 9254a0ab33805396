using System.Text;

namespace MlPerfEdu.Fuzz;

/// <summary>Damages a YAML file as people, editors, disks and attackers do. The same seed does the same damage.</summary>
sealed class YamlMutation(string text, int seed)
{
    public static readonly string[] Hostile =
    [
        "\"; System.IO.File.Delete(\"x\"); //", "$([System.IO.File]::ReadAllText('/etc/passwd'))", "%2a;@(Compile)", "*/ #line 1 \"x\" /*",
        "\"\"\"\n}\nclass Injected {", "{0} {1}", "#error injected\n", "a\nb", "a\r\nb", "\0", "'", "\"", "\\u0022", "${{ github.token }}",
        "ſuite", "ı", "İ", "\u202egnp.exe", "\ufeff", "é", "e\u0301", "漢字", "😀", "\ud83d", "ｔｉｎｙ", "con", "class", "NaN", ".inf", "0x10",
        "1_000", "1e999", "-0", "null", "~", "yes", "2026-01-01", "<<", "=", "!!python/object:os.system", "../../etc/passwd", "a--b", "-a", "A",
    ];

    static readonly string[] Openings = ["[", "{", "\"", "'", "[[[[", "{a: ", "- [", "? ", "|", ">", "&a ", "*a ", "!!int ", "%", "@", "`"];

    readonly Random random = new(seed);
    readonly List<string> lines = [.. text.Split('\n')];

    public byte[] Apply()
    {
        Action[] ways = [Drop, Double, Mistype, QuoteHostileValue, PlainHostileValue, HostileKey, Anchor, WrongType, Open, Reindent, DoubleEntry];
        var way = seed % (ways.Length + 4);
        if (way < ways.Length)
        {
            // Some files get several mistakes.
            for (var times = 1 + (seed % 3); times > 0; times--)
                ways[way]();
            return Joined();
        }
        return (way - ways.Length) switch
        {
            0 => Nest(),
            1 => Joined()[..random.Next(text.Length)],
            2 => Flip(),
            _ => Insert(),
        };
    }

    void Drop() => lines.RemoveAt(Content());

    void Double() => Content(out var at, out var line, out _).lines.Insert(at, line);

    void Mistype()
    {
        Content(out var at, out var line, out var colon);
        var indent = line.Length - line.TrimStart().Length;
        var letter = random.Next(indent, Math.Max(indent + 1, colon));
        lines[at] = line[..letter] + (char)('a' + random.Next(26)) + line[Math.Min(line.Length, letter + random.Next(2))..];
    }

    void QuoteHostileValue() => Replace(_ => Quote(Pick(Hostile)));
    void PlainHostileValue() => Replace(_ => Pick(Hostile));
    void Anchor() => Replace(value => Pick(["&a", "*a", "&a [*a, *a]", "<<: *a"]) + " " + value);
    void WrongType() => Replace(value => Pick(["[]", "{}", $"[{value}]", $"{{ a: {value} }}", "", "12", "text", "- a", "true", $"\"{value}\""]));

    void HostileKey()
    {
        Content(out var at, out var line, out var colon);
        var indent = line.Length - line.TrimStart().Length;
        lines[at] = line[..indent] + Quote(Pick(Hostile)) + line[Math.Min(line.Length, colon)..];
    }

    void Open()
    {
        var line = lines[Content()];
        var at = lines.IndexOf(line);
        lines[at] = line.Insert(random.Next(line.Length), Pick(Openings));
    }

    void Reindent()
    {
        var at = Content();
        lines[at] = random.Next(4) switch
        {
            0 => " " + lines[at],
            1 => "\t" + lines[at],
            2 => lines[at].TrimStart(),
            _ => lines[at][1..],
        };
    }

    void DoubleEntry()
    {
        var starts = Enumerable.Range(0, lines.Count).Where(i => lines[i].Length > 4 && lines[i].StartsWith("    ", StringComparison.Ordinal) && char.IsAsciiLetterOrDigit(lines[i][4])).ToList();
        var start = starts[random.Next(starts.Count)];
        var end = lines.FindIndex(start + 1, line => line.Length > 4 && line[4] != ' ');
        lines.InsertRange(start, lines.GetRange(start, (end < 0 ? lines.Count : end) - start));
    }

    byte[] Nest()
    {
        var opening = Pick(["[", "{", "{a: ", "- ", "? ", "[{a: ", "!!seq [", "&a ["]);
        lines.Insert(Content(), string.Concat(Enumerable.Repeat(opening, 1_000_000 / opening.Length)));
        return Joined();
    }

    byte[] Flip()
    {
        var bytes = Joined();
        for (var flips = random.Next(1, 10); flips > 0; flips--)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    byte[] Insert()
    {
        var whole = string.Join('\n', lines);
        return Encoding.UTF8.GetBytes(whole.Insert(random.Next(whole.Length), Pick(Hostile)));
    }

    void Replace(Func<string, string> change)
    {
        Content(out var at, out var line, out var colon);
        var value = line[Math.Min(line.Length, colon + 1)..].Trim();
        lines[at] = line[..Math.Min(line.Length, colon + 1)] + " " + change(value);
    }

    int Content() => Content(out _, out _, out _).At;

    // A line that is neither empty nor a comment, and where its first colon stands.
    (List<string> lines, int At) Content(out int at, out string line, out int colon)
    {
        do
        {
            at = random.Next(lines.Count);
            line = lines[at];
        }
        while (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#'));
        colon = line.Contains(':') ? line.IndexOf(':') : line.Length;
        return (lines, at);
    }

    byte[] Joined() => Encoding.UTF8.GetBytes(string.Join('\n', lines));

    string Pick(string[] choices) => choices[random.Next(choices.Length)];

    static string Quote(string value) => System.Text.Json.JsonSerializer.Serialize(value);
}
