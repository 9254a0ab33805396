using System.Text;

namespace VerifyTests;

/// <summary>Whether a scrubber runs before those that were added earlier, or after them.</summary>
public enum ScrubberLocation
{
    First,
    Last,
}

/// <summary>Changes of a text that are made before it is compared, in their order.</summary>
sealed class ScrubberList
{
    readonly List<Action<StringBuilder, Counter>> scrubbers = [];

    public void Add(Action<StringBuilder, Counter> scrubber, ScrubberLocation location) =>
        scrubbers.Insert(location == ScrubberLocation.First ? 0 : scrubbers.Count, scrubber);

    public ScrubberList Copy()
    {
        var copy = new ScrubberList();
        copy.scrubbers.AddRange(scrubbers);
        return copy;
    }

    /// <summary>The settings' own scrubbers, then the global ones, then folders of this machine, then line ends.</summary>
    public static void ApplyAll(StringBuilder text, VerifySettings settings, Counter counter)
    {
        foreach (var scrubber in settings.Scrubbers.scrubbers.Concat(VerifierSettings.Scrubbers.scrubbers))
            scrubber(text, counter);
        DirectoryTokens.Replace(text);
        Lines.Normalize(text);
    }
}
