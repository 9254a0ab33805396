namespace MlPerfEdu.Serving.Grammar;

/// <summary>A regular expression over bytes.</summary>
abstract record Expression
{
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

readonly record struct ByteSet(UInt128 Low, UInt128 High)
{
    public static ByteSet Of(int least, int most)
    {
        var set = default(ByteSet);
        for (var value = least; value <= most; value++)
            set = value < 128 ? set with { Low = set.Low | (UInt128.One << value) } : set with { High = set.High | (UInt128.One << (value - 128)) };
        return set;
    }

    public bool Contains(byte value) => ((value < 128 ? Low >> value : High >> (value - 128)) & 1) != 0;
}

/// <summary>What an expression still expects after a byte (Brzozowski 1964): the plain form of the automaton, without any table.</summary>
static class Derivative
{
    /// <summary>What describes no text at all, not even the empty one.</summary>
    static readonly Expression Nothing = Expression.Any();

    /// <summary>Whether the expression describes a text with this prefix.</summary>
    public static bool IsBeginning(Expression expression, ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
            expression = Of(expression, value);
        return !IsNothing(expression);
    }

    public static bool Describes(Expression expression, ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
            expression = Of(expression, value);
        return IsOptional(expression);
    }

    public static Expression Of(Expression expression, byte value) => expression switch
    {
        OneByte one => one.Set.Contains(value) ? Expression.Empty : Nothing,
        Choice choice => OneOf(choice.Choices.Select(part => Of(part, value))),
        Repeat repeat => Then(Of(repeat.Part, value), [repeat]),
        Sequence sequence => OneOf(OfSequence(sequence.Parts, value)),
        _ => throw new ArgumentException($"An expression of type {expression.GetType()}; write a case for it.", nameof(expression)),
    };

    public static bool IsOptional(Expression expression) => expression switch
    {
        Choice choice => choice.Choices.Any(IsOptional),
        Repeat => true,
        Sequence sequence => sequence.Parts.All(IsOptional),
        _ => false,
    };

    // The byte is read by the first part, or by a later one if all before it can be empty.
    static IEnumerable<Expression> OfSequence(IReadOnlyList<Expression> parts, byte value)
    {
        for (var index = 0; index < parts.Count; index++)
        {
            yield return Then(Of(parts[index], value), parts.Skip(index + 1));
            if (!IsOptional(parts[index]))
                break;
        }
    }

    static bool IsNothing(Expression expression) => expression is Choice { Choices.Count: 0 };

    static Expression Then(Expression first, IEnumerable<Expression> rest) =>
        IsNothing(first) ? Nothing : new Sequence([.. first is Sequence sequence ? sequence.Parts : [first], .. rest]);

    static Expression OneOf(IEnumerable<Expression> choices)
    {
        List<Expression> left = [.. choices.Where(choice => !IsNothing(choice))];
        return left.Count == 1 ? left[0] : Expression.Any(left);
    }
}
