namespace VerifyTests;

/// <summary>How values become text: which members are left out or hidden, and what is replaced by a counter.</summary>
sealed class SerializationChoices
{
    public HashSet<string> Ignored { get; private init; } = new(StringComparer.Ordinal);
    public HashSet<string> Scrubbed { get; private init; } = new(StringComparer.Ordinal);
    public bool ScrubGuids { get; set; } = true;
    public bool ScrubDateTimes { get; set; } = true;
    public bool IgnoreEmptyCollections { get; set; } = true;

    public SerializationChoices Copy() => new()
    {
        Ignored = new(Ignored, StringComparer.Ordinal),
        Scrubbed = new(Scrubbed, StringComparer.Ordinal),
        ScrubGuids = ScrubGuids,
        ScrubDateTimes = ScrubDateTimes,
        IgnoreEmptyCollections = IgnoreEmptyCollections,
    };
}
