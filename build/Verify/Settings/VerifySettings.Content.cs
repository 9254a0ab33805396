using System.Text;

namespace VerifyTests;

public partial class VerifySettings
{
    internal ScrubberList Scrubbers = new();
    internal SerializationChoices Serialization = VerifierSettings.Serialization.Copy();

    public void AddScrubber(Action<StringBuilder> scrubber, ScrubberLocation location = ScrubberLocation.First) =>
        Scrubbers.Add((text, _) => scrubber(text), location);

    public void AddScrubber(Action<StringBuilder, Counter> scrubber, ScrubberLocation location = ScrubberLocation.First) =>
        Scrubbers.Add(scrubber, location);

    public void ScrubInlineGuids(ScrubberLocation location = ScrubberLocation.First) => AddScrubber(InlineGuids.Replace, location);

    public void ScrubEmptyLines(ScrubberLocation location = ScrubberLocation.First) => AddScrubber(Lines.RemoveEmpty, location);

    public void ScrubLines(Func<string, bool> removeLine, ScrubberLocation location = ScrubberLocation.First) =>
        AddScrubber(text => Lines.Remove(text, removeLine), location);

    public void ScrubLinesWithReplace(Func<string, string?> replaceLine, ScrubberLocation location = ScrubberLocation.First) =>
        AddScrubber(text => Lines.Replace(text, replaceLine), location);

    public void ScrubLinesContaining(params string[] stringToMatch) => ScrubLinesContaining(ScrubberLocation.First, stringToMatch);

    public void ScrubLinesContaining(ScrubberLocation location = ScrubberLocation.First, params string[] stringToMatch) =>
        ScrubLinesContaining(StringComparison.OrdinalIgnoreCase, location, stringToMatch);

    public void ScrubLinesContaining(StringComparison comparison, params string[] stringToMatch) =>
        ScrubLinesContaining(comparison, ScrubberLocation.First, stringToMatch);

    public void ScrubLinesContaining(StringComparison comparison, ScrubberLocation location, params string[] stringToMatch) =>
        AddScrubber(text => Lines.RemoveContaining(text, comparison, stringToMatch), location);

    public void IgnoreMember(string name) => Serialization.Ignored.Add(name);

    public void IgnoreMembers(params string[] names) => Serialization.Ignored.UnionWith(names);

    public void ScrubMember(string name) => Serialization.Scrubbed.Add(name);

    public void ScrubMembers(params string[] names) => Serialization.Scrubbed.UnionWith(names);

    public void DontScrubGuids() => Serialization.ScrubGuids = false;

    public void DontScrubDateTimes() => Serialization.ScrubDateTimes = false;

    public void DontIgnoreEmptyCollections() => Serialization.IgnoreEmptyCollections = false;
}
