using System.Text;

namespace VerifyTests;

public partial class SettingsTask
{
    public SettingsTask AddScrubber(Action<StringBuilder> scrubber, ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.AddScrubber(scrubber, location));

    public SettingsTask ScrubInlineGuids(ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.ScrubInlineGuids(location));

    public SettingsTask ScrubEmptyLines(ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.ScrubEmptyLines(location));

    public SettingsTask ScrubLines(Func<string, bool> removeLine, ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.ScrubLines(removeLine, location));

    public SettingsTask ScrubLinesWithReplace(Func<string, string?> replaceLine, ScrubberLocation location = ScrubberLocation.First) =>
        With(settings => settings.ScrubLinesWithReplace(replaceLine, location));

    public SettingsTask ScrubLinesContaining(params string[] stringToMatch) =>
        With(settings => settings.ScrubLinesContaining(stringToMatch));

    public SettingsTask ScrubLinesContaining(ScrubberLocation location = ScrubberLocation.First, params string[] stringToMatch) =>
        With(settings => settings.ScrubLinesContaining(location, stringToMatch));

    public SettingsTask ScrubLinesContaining(StringComparison comparison, params string[] stringToMatch) =>
        With(settings => settings.ScrubLinesContaining(comparison, stringToMatch));

    public SettingsTask ScrubLinesContaining(
        StringComparison comparison, ScrubberLocation location = ScrubberLocation.First, params string[] stringToMatch) =>
        With(settings => settings.ScrubLinesContaining(comparison, location, stringToMatch));

    public SettingsTask IgnoreMember(string name) => With(settings => settings.IgnoreMember(name));

    public SettingsTask IgnoreMembers(params string[] names) => With(settings => settings.IgnoreMembers(names));

    public SettingsTask ScrubMember(string name) => With(settings => settings.ScrubMember(name));

    public SettingsTask ScrubMembers(params string[] names) => With(settings => settings.ScrubMembers(names));

    public SettingsTask DontScrubGuids() => With(settings => settings.DontScrubGuids());

    public SettingsTask DontScrubDateTimes() => With(settings => settings.DontScrubDateTimes());

    public SettingsTask DontIgnoreEmptyCollections() => With(settings => settings.DontIgnoreEmptyCollections());
}
