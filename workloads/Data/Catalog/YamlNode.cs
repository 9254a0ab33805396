namespace MlPerfEdu.Data;

/// <summary>A piece of YAML that remembers where it stands.</summary>
public abstract record YamlNode(int Line, int Column)
{
    public abstract string Kind { get; }
}

public sealed record YamlText(int Line, int Column, string Value, bool Quoted) : YamlNode(Line, Column)
{
    public override string Kind => Value.Length == 0 && !Quoted ? "nothing" : $"'{Shorten(Value)}'";

    static string Shorten(string value) => value.Length <= 60 ? value.ReplaceLineEndings(" ") : value[..57].ReplaceLineEndings(" ") + "...";
}

public sealed record YamlList(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column)
{
    public override string Kind => "a list";
}

public sealed record YamlMap(int Line, int Column, IReadOnlyList<(YamlText Key, YamlNode Value)> Entries) : YamlNode(Line, Column)
{
    public override string Kind => "a mapping";
}
