namespace MlPerfEdu.Roofline.Compare;

public enum ChangeKind
{
    /// <summary>Equal, or not further apart than noise.</summary>
    Same,

    /// <summary>Another value, neither better nor worse in itself.</summary>
    Different,

    Better,

    Worse,

    /// <summary>What was measured does not decide, or cannot be compared.</summary>
    Unclear,
}

/// <param name="Subject">What was compared.</param>
/// <param name="Text">Both values, how far apart, and why that counts or not.</param>
public sealed record Change(string Subject, ChangeKind Kind, string Text)
{
    /// <summary>What people read in one line as long as it stays the same; in full where it does not.</summary>
    public string? Group { get; init; }
}
