namespace MlPerfEdu.Generator;

/// <summary>Reads the keys of one mapping: unknown ones are reported at once, missing ones when they are asked for.</summary>
internal sealed class Fields
{
    readonly YamlMapping mapping;
    readonly Problems problems;
    readonly Values values;

    public Fields(YamlNode node, string owner, IReadOnlyList<string> known, Problems problems)
    {
        this.problems = problems;
        values = new(problems);
        Owner = owner;
        if (node is YamlMapping found)
            mapping = found;
        else
        {
            values.WrongKind(node, owner, "a mapping with the keys " + Quoted.Each(known));
            mapping = new(node.Start, isFlow: false);
            mapping.CutShort();
        }
        foreach (var pair in mapping.Pairs.Where(pair => !known.Contains(pair.Key.Text)))
            problems.UnknownKey(pair.Key, owner, known);
    }

    /// <summary>What the mapping is called in messages.</summary>
    public string Owner { get; }
    public YamlNode Node => mapping;

    /// <summary>The value of a required key, or a place holder that reads as anything without complaint.</summary>
    public YamlNode Required(string key)
    {
        if (mapping.Find(key) is { } pair)
            return pair.Value;
        if (!mapping.IsIncomplete)
            problems.MissingKey(mapping.Start, key, Owner);
        return new YamlUnreadable(mapping.Start);
    }

    public YamlNode? Optional(string key) => mapping.Find(key)?.Value;

    public string Named(string key) => $"'{key}' of {Owner}";

    /// <summary>The line of a key, or of the mapping while the key is absent.</summary>
    public int LineOf(string key) => (mapping.Find(key)?.Key.Start ?? mapping.Start).Line;

    public string Text(string key) => values.Text(Required(key), Named(key));
    public string Id(string key) => values.Id(Required(key), Named(key));
    public string Word(string key) => values.Word(Required(key), Named(key));
    public string OneOf(string key, IReadOnlyList<string> known) => values.OneOf(Required(key), Named(key), known);
    public double Number(string key, NumberRange range) => values.Number(Required(key), Named(key), range);
    public long Whole(string key, NumberRange range) => values.Whole(Required(key), Named(key), range);
    public IReadOnlyList<YamlNode> Items(string key) => values.Items(Required(key), Named(key));

    public string? OptionalText(string key) => Optional(key) is { } node ? values.Text(node, Named(key)) : null;

    public string? OptionalOneOf(string key, IReadOnlyList<string> known) =>
        Optional(key) is { } node ? values.OneOf(node, Named(key), known) : null;

    public double? OptionalNumber(string key, NumberRange range) =>
        Optional(key) is { } node ? values.Number(node, Named(key), range) : null;

    public int? OptionalCount(string key, NumberRange range) =>
        Optional(key) is { } node ? (int)values.Whole(node, Named(key), range) : null;

    public IReadOnlyList<YamlNode> OptionalItems(string key) =>
        Optional(key) is { } node ? values.Items(node, Named(key)) : [];
}
