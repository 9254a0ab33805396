namespace MlPerfEdu.Catalog;

/// <summary>The keys of one mapping: unknown ones are reported at once, missing ones when they are read.</summary>
internal sealed class Fields
{
    readonly Problems problems;

    public Fields(YamlNode node, string owner, IReadOnlyList<string> known, Problems problems)
    {
        this.problems = problems;
        Owner = owner;
        if (node is YamlMapping found)
            Mapping = found;
        else
        {
            new Field(node, owner, problems).IsNot("a mapping with the keys " + string.Join(", ", known));
            Mapping = new(node.Start, isFlow: false) { IsIncomplete = true };
        }
        foreach (var pair in Mapping.Pairs.Where(pair => !known.Contains(pair.Key.Text)))
            problems.UnknownKey(pair.Key, owner, known);
    }

    /// <summary>What messages call the mapping.</summary>
    public string Owner { get; }

    /// <summary>Empty and incomplete when something else stood there.</summary>
    public YamlMapping Mapping { get; }

    /// <summary>The value of a required key, or a placeholder that reads as anything without complaint.</summary>
    public Field Required(string key)
    {
        if (Optional(key) is { } field)
            return field;
        if (!Mapping.IsIncomplete)
            problems.MissingKey(Mapping.Start, key, Owner);
        return Named(key, new YamlUnreadable(Mapping.Start));
    }

    public Field? Optional(string key) => Mapping.Find(key) is { } pair ? Named(key, pair.Value) : null;

    /// <summary>The line of a key, or of the mapping while the key is absent.</summary>
    public int LineOf(string key) => (Mapping.Find(key)?.Key.Start ?? Mapping.Start).Line;

    Field Named(string key, YamlNode node) => new(node, $"'{key}' of {Owner}", problems);
}

/// <summary>
/// One value and what messages call it. A mistake is reported and answered with a harmless value: the catalog is thrown away when
/// there is any problem, so reading can go on and find the next one.
/// </summary>
internal sealed partial record Field(YamlNode Node, string Name, Problems Problems)
{
    /// <summary>Numbers as in JSON: no hexadecimal, octal, separators, infinities or leading zeros, and no quotes.</summary>
    public static bool IsNumber(YamlScalar scalar) => scalar.IsPlain && IsNumber(scalar.Text);

    public static bool IsNumber(string text) => Decimal().IsMatch(text);

    public string Text() => Scalar("text")?.Text ?? "";

    public string Id() => Checked("an id", Names.IsId, scalar => Problems.NotAnId(scalar, Name));

    public string Word() => Formatted("a word of lower-case letters, digits and '_'", Names.IsWord);

    public string OneOf(IReadOnlyList<string> known) =>
        Checked("one of " + string.Join(", ", known), known.Contains, scalar => Problems.UnknownValue(scalar, Name, known));

    /// <summary>A value of the enum, written as <see cref="Words"/> says.</summary>
    public T Choice<T>() where T : struct, Enum => Words.Find<T>(OneOf(Words.Of<T>())) ?? default;

    public string Line() =>
        Formatted("some text in one line", text => !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl));

    public bool Flag() => Formatted("true or false", text => text is "true" or "false") == "true";

    public string Formatted(string expected, Func<string, bool> isRight) =>
        Checked(expected, isRight, scalar => Problems.WrongFormat(scalar, Name, expected));

    public double Number(NumberRange range)
    {
        if (Scalar("a number") is not { } scalar)
            return 0;
        if (!IsNumber(scalar))
            Problems.NotANumber(scalar, Name);
        else if (double.Parse(scalar.Text, CultureInfo.InvariantCulture) is var value && (!double.IsFinite(value) || !range.Holds(value)))
            Problems.OutOfRange(scalar, Name, range);
        else
            return value;
        return 0;
    }

    public long Whole(NumberRange range)
    {
        if (Scalar("a whole number") is not { } scalar)
            return 0;
        if (!IsNumber(scalar))
            Problems.NotANumber(scalar, Name);
        else if (scalar.Text.AsSpan().TrimStart('-').ContainsAnyExceptInRange('0', '9'))
            Problems.NotWhole(scalar, Name);
        else if (!long.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var value) || !range.Holds(value))
            Problems.OutOfRange(scalar, Name, range);
        else
            return value;
        return 0;
    }

    /// <summary>A whole number from 1 that fits an array index.</summary>
    public int Count() => (int)Whole(NumberRange.Count);

    /// <summary>The items of a list that must not be empty.</summary>
    public IReadOnlyList<Field> Items()
    {
        if (Node is not YamlSequence sequence)
            IsNot("a list");
        else if (sequence is { Items.Count: 0, IsIncomplete: false })
            Problems.EmptyList(Node.Start, Name);
        else
            return [.. sequence.Items.Select(item => this with { Node = item })];
        return [];
    }

    public Fields Fields(string owner, IReadOnlyList<string> known) => new(Node, owner, known, Problems);

    /// <summary>The keys and values of a mapping whose keys are names.</summary>
    public IReadOnlyList<YamlPair> Pairs(string expected)
    {
        if (Node is YamlMapping mapping)
            return mapping.Pairs;
        IsNot(expected);
        return [];
    }

    /// <summary>The value in a message.</summary>
    public string Shown => Node switch
    {
        YamlMapping => "a mapping",
        YamlSequence => "a list",
        YamlScalar { IsPlain: false } => "a text in quotes",
        YamlScalar scalar => $"the value {Quoted.Of(scalar.Text)}",
        _ => "nothing",
    };

    public void IsNot(string expected)
    {
        if (Node is YamlScalar { IsNull: true })
            Problems.MissingValue(Node.Start, Name);
        else if (Node is not YamlUnreadable)
            Problems.WrongKind(Node.Start, Name, Shown, expected);
    }

    YamlScalar? Scalar(string expected)
    {
        if (Node is YamlScalar { IsNull: false } scalar)
            return scalar;
        IsNot(expected);
        return null;
    }

    string Checked(string expected, Func<string, bool> isRight, Action<YamlScalar> report)
    {
        var scalar = Scalar(expected);
        if (scalar is not null && !isRight(scalar.Text))
            report(scalar);
        return scalar?.Text ?? "";
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Decimal();
}

internal sealed record NumberRange(string Text, Func<double, bool> Holds)
{
    public static readonly NumberRange Any = new("a finite number", _ => true);
    public static readonly NumberRange NotNegative = new("a number at least 0", value => value >= 0);
    public static readonly NumberRange Positive = new("a number above 0", value => value > 0);
    public static readonly NumberRange Share = new("a number at least 0 and at most 1", value => value is >= 0 and <= 1);
    public static readonly NumberRange Fraction = new("a number above 0 and at most 1", value => value is > 0 and <= 1);
    public static readonly NumberRange Rate = new("a number above 0 and at most 1000", value => value is > 0 and <= 1000);
    public static readonly NumberRange Seconds = new("a number above 0 and at most 1e7, four months", value => value is > 0 and <= 1e7);
    public static readonly NumberRange Megabytes = new("a number above 0 and at most 1e9, a petabyte", value => value is > 0 and <= 1e9);
    public static readonly NumberRange PerSecond = new("a number above 0 and at most 1e9", value => value is > 0 and <= 1e9);
    public static readonly NumberRange Limit = new("a number from -1e12 to 1e12", value => Math.Abs(value) <= 1e12);
    public static readonly NumberRange Parameters = new("a number at least 1 and at most 1e15", value => value is >= 1 and <= 1e15);
    public static readonly NumberRange Inside = new("a number above 0 and below 1", value => value is > 0 and < 1);
    public static readonly NumberRange Decay = new("a number at least 0 and below 1", value => value is >= 0 and < 1);
    public static readonly NumberRange Count = new($"a number at least 1 and at most {int.MaxValue}", value => value is >= 1 and <= int.MaxValue);
    public static readonly NumberRange Seed = new($"a number at least 0 and at most {long.MaxValue}", value => value is >= 0 and <= long.MaxValue);

    public static NumberRange Between(long low, long high) => new($"a number from {low} to {high}", value => value >= low && value <= high);
}
