namespace MlPerfEdu.Serving.Grammar;

/// <summary>A regular expression over bytes.</summary>
abstract record Expression
{
    /// <summary>The empty text.</summary>
    public static readonly Expression Empty = new Sequence([]);

    public static Expression Text(string text) => new Sequence([.. System.Text.Encoding.UTF8.GetBytes(text).Select(Byte)]);

    public static Expression Byte(byte value) => new OneByte(ByteSet.Of(value, value));

    public static Expression Range(int least, int most) => new OneByte(ByteSet.Of(least, most));

    public static Expression Of(params Expression[] parts) => new Sequence(parts);

    public static Expression Any(params IReadOnlyList<Expression> choices) => new Choice(choices);

    public static Expression Optional(Expression part) => new Choice([Empty, part]);

    public static Expression Many(Expression part) => new Repeat(part);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/> times, without an upper bound where that is absent.</summary>
    public static Expression Times(Expression part, int least, int? most)
    {
        List<Expression> parts = [.. Enumerable.Repeat(part, least)];
        if (most is null)
            parts.Add(Many(part));
        else
        {
            // (part (part (part)?)?)?
            var rest = Empty;
            for (var time = least; time < most; time++)
                rest = Optional(Of(part, rest));
            parts.Add(rest);
        }
        return new Sequence(parts);
    }
}

sealed record OneByte(ByteSet Set) : Expression;

sealed record Sequence(IReadOnlyList<Expression> Parts) : Expression;

sealed record Choice(IReadOnlyList<Expression> Choices) : Expression;

sealed record Repeat(Expression Part) : Expression;
